#include "ui/transcript/codelanguages.h"

#include <QDir>
#include <QFile>
#include <QHash>
#include <QTemporaryDir>

#include <memory>

static void initLanguageFiles()
{
    Q_INIT_RESOURCE(languages);
}

namespace ui {

namespace {

struct Entry
{
    const char *file = nullptr;
    bool ours = false;
};

QHash<QString, Entry> makeNames()
{
    QHash<QString, Entry> names;
    const auto add = [&names](Entry entry, std::initializer_list<const char *> words) {
        for (const char *word : words)
            names.insert(QString::fromLatin1(word), entry);
    };
    add({"awk.lang"}, {"awk"});
    add({"bat.lang"}, {"bat", "batch", "cmd"});
    add({"c.lang"}, {"c"});
    add({"cpp.lang"}, {"c++", "cpp", "cc", "cxx", "h", "hpp", "cuda", "arduino"});
    add({"csharp.lang"}, {"c#", "cs", "csharp"});
    add({"css.lang"}, {"css", "scss", "less"});
    add({"d.lang"}, {"d"});
    add({"diff.lang"}, {"diff", "patch"});
    add({"erlang.lang"}, {"erlang", "erl"});
    add({"fortran.lang"}, {"fortran", "f90"});
    add({"glsl.lang"}, {"glsl"});
    add({"go.lang"}, {"go", "golang"});
    add({"groovy.lang"}, {"groovy", "gradle"});
    add({"haskell.lang"}, {"haskell", "hs"});
    add({"html.lang"}, {"html", "htm", "vue", "svelte"});
    add({"java.lang"}, {"java"});
    add({"javascript.lang"}, {"javascript", "js", "jsx", "mjs", "cjs", "node"});
    add({"json.lang"}, {"json", "jsonc", "json5", "jsonl"});
    add({"latex.lang"}, {"latex", "tex"});
    add({"lisp.lang"}, {"lisp", "elisp", "clojure", "clj"});
    add({"lua.lang"}, {"lua"});
    add({"makefile.lang"}, {"makefile", "make", "mk"});
    add({"caml.lang"}, {"ocaml", "ml"});
    add({"pascal.lang"}, {"pascal", "delphi"});
    add({"perl.lang"}, {"perl", "pl"});
    add({"php.lang"}, {"php"});
    add({"prolog.lang"}, {"prolog"});
    add({"proto.lang"}, {"proto", "protobuf"});
    add({"python.lang"}, {"python", "python3", "py", "pyi"});
    add({"r.lang"}, {"r"});
    add({"ruby.lang"}, {"ruby", "rb"});
    add({"rust.lang"}, {"rust", "rs"});
    add({"scala.lang"}, {"scala"});
    add({"scheme.lang"}, {"scheme", "racket"});
    add({"sh.lang"}, {"sh", "bash", "shell", "zsh", "console", "shell-session"});
    add({"sql.lang"}, {"sql", "sqlite", "postgresql", "postgres", "mysql"});
    add({"tcl.lang"}, {"tcl"});
    add({"vala.lang"}, {"vala"});
    add({"vbscript.lang"}, {"vbscript", "vb"});
    add({"xml.lang"}, {"xml", "svg", "xhtml", "xsd", "qrc"});
    add({"dockerfile.lang", true}, {"dockerfile", "docker", "containerfile"});
    add({"ini.lang", true}, {"ini", "cfg", "conf", "desktop", "systemd", "properties", "env"});
    add({"kotlin.lang", true}, {"kotlin", "kt", "kts"});
    add({"swift.lang", true}, {"swift"});
    add({"toml.lang", true}, {"toml"});
    add({"typescript.lang", true}, {"typescript", "ts", "tsx", "mts", "cts"});
    add({"yaml.lang", true}, {"yaml", "yml"});
    return names;
}

//! The folder of our own definitions; empty if none could be written.
QString ownFolder()
{
    static const std::unique_ptr<QTemporaryDir> folder = [] {
        initLanguageFiles();
        auto made = std::make_unique<QTemporaryDir>();
        const QDir definitions(QStringLiteral(":/languages"));
        for (const QString &file : definitions.entryList(QDir::Files)) {
            if (!made->isValid() || !QFile::copy(definitions.filePath(file), made->filePath(file)))
                return std::unique_ptr<QTemporaryDir>();
            // A copied resource is read-only, and then the folder could not be removed everywhere.
            QFile::setPermissions(made->filePath(file), QFile::ReadOwner | QFile::WriteOwner);
        }
        return made;
    }();
    return folder ? folder->path() : QString();
}

} // namespace

std::optional<LanguageDefinition> languageDefinition(const QString &name)
{
    static const QHash<QString, Entry> names = makeNames();
    const auto found = names.constFind(name.toLower());
    if (found == names.constEnd())
        return std::nullopt;
    const QString folder = found->ours ? ownFolder() : QString();
    if (found->ours && folder.isEmpty())
        return std::nullopt;
    return LanguageDefinition{folder, QString::fromLatin1(found->file)};
}

} // namespace ui
