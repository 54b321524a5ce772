#include "app/hardening.h"

#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

namespace app {

void hardenProcess()
{
    signal(SIGXFSZ, SIG_IGN); // a full quota is an error of write(), not our end
    signal(SIGPIPE, SIG_IGN);
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
#ifdef NDEBUG
    prctl(PR_SET_DUMPABLE, 0); // debuggers need it in a debug build
#endif
    umask(077);
    mallopt(M_PERTURB, 0xa5); // measured: without it keys stay in freed memory
}

} // namespace app
