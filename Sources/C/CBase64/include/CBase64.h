#pragma once
#include <stddef.h>
#include <stdint.h>

// Lines of base64 by the octet shuffles of AVX2, as Wojciech Muła and Daniel Lemire describe them ("Faster Base64
// Encoding and Decoding Using AVX2 Instructions", 2018). Where the processor has none, no line is worked on.

/// Encodes lines of 57 octets as 76 digits and CRLF.
///
/// - Parameters:
///   - octets: 57 for each line, and four more that can be read.
///   - text: room for 78 octets for each line.
/// - Returns: how many lines there are: all, or none.
size_t CBase64EncodeLines(const uint8_t *octets, size_t lines, uint8_t *text);

/// What is decoded of a text.
typedef struct {
    size_t characters;
    size_t octets;
} CBase64Decoded;

/// Decodes whole lines of 76 digits with CRLF or LF, up to the first that is none.
///
/// - Parameter octets: room for 57 for each line that the text may have, and eight more.
CBase64Decoded CBase64DecodeLines(const uint8_t *text, size_t count, uint8_t *octets);
