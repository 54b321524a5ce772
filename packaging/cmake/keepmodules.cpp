// In sanitized programs alone. What a plugin allocated and never frees is reported at the end; if the plugin was unloaded
// by then, nobody can tell that it was its own, and the list of libraries that leak (tests/support/leaks.supp) is of no
// use. So nothing is unloaded.
extern "C" int dlclose(void *);

int dlclose(void *)
{
    return 0;
}
