#ifndef MARTLET_MALLOC_H
#define MARTLET_MALLOC_H

#include <malloc.h>

#endif
