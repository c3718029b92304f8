/* tests.h: what the tests of evalhost-worker share. */
#ifndef EVALWORKER_TESTS_H
#define EVALWORKER_TESTS_H

#include "host.h"

/* The scorers of probe.c. */
enum { PROBE, BIG, ASSET, JUDGED, CONVERSATION };

extern const char *folder;  /* of the libraries */
extern uint32_t sandbox;    /* flags of the whole sandbox, or 0 */

/* A library's path; the last four stay valid. */
const char *library(const char *name);
/* How a library's worker is started: with one thread and one slot. */
setup basic(const char *name);
/* Starts a worker and waits until it serves. */
host ready(const setup *with);
/* The same with instance 1, a probe. */
host probing(const setup *with);
/* Scores one row in slot 0 that tells the probe what to do; returns its sheet, or null if the worker is gone. */
const ceval_sheet_head *tell(host *it, const char *command);
/* Lets it quit, and checks that it does. */
void quit(host *it);

/* crash_tests.c */
void tells_of_crashes(void);
void tells_of_crashes_while_loading(void);

/* sandbox_tests.c */
void keeps_plugins_in(void);
void grants_what_is_permitted(void);
void runs_swift(void);

#endif
