// What the engine needs of the operating system that has no better place.
#include "CPlatform.h"

#include <signal.h>

bool starling_ignores_interrupts(void) {
    struct sigaction action;
    return sigaction(SIGINT, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}
