#include "app/hardening.h"

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace app {

namespace {

//! A file opened later must not become standard output: what is printed would land in it. Reading
//! and writing fail as they would have.
void holdStandardFiles()
{
    for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(number, F_GETFD) >= 0)
            continue;
        // The lowest free number is given, which is this one.
        [[maybe_unused]] const int held =
            ::open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
}

} // namespace

void hardenProcess()
{
    holdStandardFiles();
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
