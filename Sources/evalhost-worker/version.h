/* version.h: the version of this worker, the same as HostVersion.current in Sources/EvalCore/HostVersion.swift. */
#ifndef EVALHOST_WORKER_VERSION_H
#define EVALHOST_WORKER_VERSION_H

#ifndef CEVAL_VERSION
#define CEVAL_VERSION "0.1.0"
#endif

#endif
