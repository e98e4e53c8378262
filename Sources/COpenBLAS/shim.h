#pragma once

// The bytes of a vector register of the processor that is built for.
#ifdef __AVX512F__
#define BARRIERS_REGISTER_BYTES 64
#else
#define BARRIERS_REGISTER_BYTES 32
#endif

#include <cblas.h>
#include <malloc.h>  // heap statistics: the Glibc module leaves them out

// OpenBLAS carries LAPACK with Fortran calling conventions; Debian's package has no C header for these.
void dgesdd_(const char *jobz, const int *m, const int *n, double *a, const int *lda, double *s, double *u,
             const int *ldu, double *vt, const int *ldvt, double *work, const int *lwork, int *iwork, int *info);
void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w,
             double *work, const int *lwork, int *iwork, const int *liwork, int *info);
void dstev_(const char *jobz, const int *n, double *d, double *e, double *z, const int *ldz, double *work,
            int *info);
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info);
