#include "CBase64.h"

#include <stdbool.h>

enum { digitsOfLine = 76, octetsOfLine = 57, textOfLine = 78 };

#if defined(__x86_64__)
#include <immintrin.h>

#define WITH_AVX2 __attribute__((target("avx2")))

static bool hasShuffles(void) { return __builtin_cpu_supports("avx2"); }

/// The 32 digits for 24 octets, of which four more are read.
WITH_AVX2 static inline void encodeBlock(const uint8_t *octets, uint8_t *text) {
    const __m128i low = _mm_loadu_si128((const __m128i *)octets);
    const __m128i high = _mm_loadu_si128((const __m128i *)(octets + 12));
    const __m256i spread = _mm256_broadcastsi128_si256(_mm_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10));
    const __m256i groups = _mm256_shuffle_epi8(_mm256_set_m128i(high, low), spread);
    const __m256i odd = _mm256_mulhi_epu16(
        _mm256_and_si256(groups, _mm256_set1_epi32(0x0FC0FC00)), _mm256_set1_epi32(0x04000040));
    const __m256i even = _mm256_mullo_epi16(
        _mm256_and_si256(groups, _mm256_set1_epi32(0x003F03F0)), _mm256_set1_epi32(0x01000010));
    const __m256i values = _mm256_or_si256(odd, even);
    // The alphabet has five runs; each has a place in the table: small letters 0, digits 1 to 10, signs 11 and 12,
    // capitals 13.
    const __m256i run = _mm256_or_si256(
        _mm256_subs_epu8(values, _mm256_set1_epi8(51)),
        _mm256_and_si256(_mm256_cmpgt_epi8(_mm256_set1_epi8(26), values), _mm256_set1_epi8(13)));
    const __m256i distances = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(71, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -19, -16, 65, 0, 0));
    const __m256i digits = _mm256_add_epi8(values, _mm256_shuffle_epi8(distances, run));
    _mm256_storeu_si256((__m256i *)text, digits);
}

/// The 24 octets for 32 digits; eight more are written.
///
/// - Returns: what is zero if all of them are digits.
WITH_AVX2 static inline __m256i decodeBlock(const uint8_t *text, uint8_t *octets) {
    const __m256i characters = _mm256_loadu_si256((const __m256i *)text);
    // A character is a digit if what its lower half excludes and what its upper half is have no bit in common.
    const __m256i excludes = _mm256_broadcastsi128_si256(_mm_setr_epi8(
        0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1A, 0x1B, 0x1B, 0x1B, 0x1A));
    const __m256i kinds = _mm256_broadcastsi128_si256(_mm_setr_epi8(
        0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10));
    const __m256i distances = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0));
    const __m256i slash = _mm256_set1_epi8(0x2F);
    const __m256i upper = _mm256_and_si256(_mm256_srli_epi32(characters, 4), slash);
    const __m256i lower = _mm256_and_si256(characters, slash);
    const __m256i foreign =
        _mm256_and_si256(_mm256_shuffle_epi8(kinds, upper), _mm256_shuffle_epi8(excludes, lower));
    const __m256i run = _mm256_add_epi8(_mm256_cmpeq_epi8(characters, slash), upper);
    const __m256i values = _mm256_add_epi8(characters, _mm256_shuffle_epi8(distances, run));
    const __m256i pairs = _mm256_maddubs_epi16(values, _mm256_set1_epi32(0x01400140));
    const __m256i groups = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));
    const __m256i joined = _mm256_shuffle_epi8(
        groups, _mm256_broadcastsi128_si256(
                    _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1)));
    const __m256i result = _mm256_permutevar8x32_epi32(joined, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 7, 7));
    _mm256_storeu_si256((__m256i *)octets, result);
    return foreign;
}

/// Three blocks, of which the last two share digits.
WITH_AVX2 static void encodeLines(const uint8_t *octets, size_t lines, uint8_t *text) {
    for (size_t line = 0; line < lines; line++) {
        encodeBlock(octets, text);
        encodeBlock(octets + 24, text + 32);
        encodeBlock(octets + octetsOfLine - 24, text + digitsOfLine - 32);
        text[digitsOfLine] = '\r';
        text[digitsOfLine + 1] = '\n';
        octets += octetsOfLine;
        text += textOfLine;
    }
}

WITH_AVX2 static CBase64Decoded decodeLines(const uint8_t *text, size_t count, uint8_t *octets) {
    CBase64Decoded decoded = {0, 0};
    while (count - decoded.characters > digitsOfLine + 1) {
        const uint8_t *line = text + decoded.characters;
        const size_t end = line[digitsOfLine] == '\n' ? 1 : 2;
        if (line[digitsOfLine + end - 1] != '\n' || (end == 2 && line[digitsOfLine] != '\r')) { break; }
        uint8_t *target = octets + decoded.octets;
        const __m256i foreign = _mm256_or_si256(
            _mm256_or_si256(decodeBlock(line, target), decodeBlock(line + 32, target + 24)),
            decodeBlock(line + digitsOfLine - 32, target + octetsOfLine - 24));
        if (!_mm256_testz_si256(foreign, foreign)) { break; }
        decoded.characters += digitsOfLine + end;
        decoded.octets += octetsOfLine;
    }
    return decoded;
}
#else
static bool hasShuffles(void) { return false; }
static void encodeLines(const uint8_t *octets, size_t lines, uint8_t *text) {}
static CBase64Decoded decodeLines(const uint8_t *text, size_t count, uint8_t *octets) { return (CBase64Decoded){0, 0}; }
#endif

size_t CBase64EncodeLines(const uint8_t *octets, size_t lines, uint8_t *text) {
    if (!hasShuffles()) { return 0; }
    encodeLines(octets, lines, text);
    return lines;
}

CBase64Decoded CBase64DecodeLines(const uint8_t *text, size_t count, uint8_t *octets) {
    return hasShuffles() ? decodeLines(text, count, octets) : (CBase64Decoded){0, 0};
}
