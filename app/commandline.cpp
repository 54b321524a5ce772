#include "app/commandline.h"

#include <algorithm>

namespace app {

namespace {

QString text(const char *latin1)
{
    return QString::fromUtf8(latin1);
}

OptionSpec flag(const char *name, const char *help)
{
    return {text(name), {}, text(help), false};
}

OptionSpec option(const char *name, const char *argument, const char *help)
{
    return {text(name), text(argument), text(help), false};
}

OptionSpec repeated(const char *name, const char *argument, const char *help)
{
    return {text(name), text(argument), text(help), true};
}

const OptionSpec *findOption(const QList<OptionSpec> &options, const QString &name)
{
    const auto found = std::find_if(options.begin(), options.end(),
                                    [&](const OptionSpec &o) { return o.name == name; });
    return found == options.end() ? nullptr : &*found;
}

const VerbSpec *findVerb(const QString &name)
{
    const QList<VerbSpec> &all = verbs();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const VerbSpec &v) { return v.name == name; });
    return found == all.end() ? nullptr : &*found;
}

QString optionHelp(const QList<OptionSpec> &options)
{
    QString help;
    for (const OptionSpec &o : options) {
        const QString left = o.argument.isEmpty() ? o.name : o.name + QLatin1Char(' ') + o.argument;
        help += QStringLiteral("  %1  %2\n").arg(left, -34).arg(o.help);
    }
    return help;
}

} // namespace

const QList<OptionSpec> &commonOptions()
{
    static const QList<OptionSpec> options{
        option("--profile", "DIR", "keep data, settings and cache below DIR"),
        repeated("--set", "KEY=VALUE", "override one setting for this run"),
        flag("--demo", "use the practice provider; the keychain is never opened"),
        flag("--yes", "answer yes where the window would ask"),
        flag("--version", "print the version"),
        flag("--help", "print this help"),
    };
    return options;
}

const QList<VerbSpec> &verbs()
{
    static const QList<VerbSpec> all{
        {text("ask"),
         text("PROMPT"),
         text("ask a model and stream its answer"),
         {repeated("--target", "PROVIDER/MODEL[@BASE_URL]",
                   "whom to ask; repeat for the fallback order"),
          option("--route", "NAME", "ask the models of a route made in the window's settings"),
          option("--system", "TEXT", "system prompt"),
          repeated("--attach", "FILE", "send an image or document along"),
          option("--max-output-tokens", "N", "longest answer"),
          option("--temperature", "X", "sampling temperature"),
          option("--timeout", "SECONDS", "give up after this long"),
          flag("--no-retry", "do not try a target again"),
          flag("--no-fallback", "do not go on to the next target"),
          flag("--json", "print events, one JSON object a line")}},
        {text("decode"),
         text("FILE"),
         text("turn a recorded response body into events"),
         {option("--protocol", "NAME", "openai-chat, anthropic, gemini, ..."),
          option("--status", "N", "the HTTP status it came with (200)"),
          repeated("--header", "'NAME: VALUE'", "a header it came with"),
          option("--chunk", "N|random:SEED", "feed it in pieces")}},
        {text("tokens"),
         text("FILE"),
         text("print the number of tokens of a text"),
         {option("--encoding", "NAME", "o200k_base, cl100k_base or a model that has one")}},
        {text("price"),
         {},
         text("print the cost lines of a usage record"),
         {option("--provider", "ID", "provider of the price catalogue"),
          option("--model", "ID", "model"),
          option("--usage", "JSON", "counts: {\"input\":1204,\"output\":356}"),
          option("--at", "ISO8601", "time of the request (now)"),
          option("--catalogue", "FILE", "another price catalogue")}},
        {text("cost"),
         {},
         text("print totals from the ledger"),
         {option("--since", "ISO8601", "from this time or day on"),
          option("--until", "ISO8601", "up to this time or day"),
          option("--by", "KEYS", "model, day, session, provider; several with commas"),
          flag("--json", "print one JSON object")}},
        {text("render"),
         text("FILE.md"),
         text("draw Markdown as a chat would show it"),
         {option("--png", "OUT", "write a picture"),
          option("--theme", "light,dark", "colours (light); both: one below the other"),
          option("--width", "N", "pixels (760)")}},
        {text("doctor"),
         {},
         text("check this installation"),
         {flag("--json", "print one JSON object")}},
    };
    return all;
}

core::Error usageError(const QString &sentence)
{
    return core::rejected(sentence);
}

namespace {

//! A word that is no option: the verb, then its operand.
core::Result<core::Done> takeWord(const QString &word, CommandLine &line)
{
    const VerbSpec *verb = findVerb(line.verb);
    if (!verb) {
        if (!findVerb(word))
            return usageError(
                QStringLiteral("There is no verb '%1'. farthing --help lists them.").arg(word));
        line.verb = word;
        return core::Done{};
    }
    if (verb->operand.isEmpty() || line.operand)
        return usageError(QStringLiteral("'%1' is one argument too many for farthing %2. "
                                         "Quote a prompt of several words.")
                              .arg(word, verb->name));
    line.operand = word;
    return core::Done{};
}

//! Options may stand before their verb: then any verb's options are tried until it is known.
const OptionSpec *optionNamed(const QString &name, const VerbSpec *verb)
{
    const OptionSpec *spec = findOption(commonOptions(), name);
    if (!spec && verb)
        spec = findOption(verb->options, name);
    for (qsizetype v = 0; !spec && !verb && v < verbs().size(); ++v)
        spec = findOption(verbs().at(v).options, name);
    return spec;
}

//! What could not be told before the verb was known.
core::Result<core::Done> checkOptions(const CommandLine &line)
{
    const VerbSpec *verb = findVerb(line.verb);
    for (auto at = line.values.constBegin(); at != line.values.constEnd(); ++at) {
        if (!findOption(commonOptions(), at.key()) &&
            (!verb || !findOption(verb->options, at.key())))
            return usageError(
                QStringLiteral("%1 is not an option of farthing %2.").arg(at.key(), line.verb));
    }
    const QString profile = QStringLiteral("--profile");
    if (line.has(profile) && line.value(profile).isEmpty())
        return usageError(QStringLiteral("--profile needs the name of a folder."));
    return core::Done{};
}

} // namespace

core::Result<CommandLine> parseCommandLine(const QStringList &arguments)
{
    CommandLine line;
    bool optionsEnded = false;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &argument = arguments.at(i);
        if (argument == QStringLiteral("--") && !optionsEnded) {
            optionsEnded = true;
            continue;
        }
        if (optionsEnded || !argument.startsWith(QLatin1Char('-')) ||
            argument == QStringLiteral("-")) {
            if (const auto taken = takeWord(argument, line); !taken)
                return taken.error();
            continue;
        }
        const qsizetype equals = argument.indexOf(QLatin1Char('='));
        const QString name = argument.left(equals); // all of it without '='
        const VerbSpec *verb = findVerb(line.verb); // none: it may come behind
        const OptionSpec *spec = optionNamed(name, verb);
        if (!spec)
            return usageError(
                QStringLiteral("There is no option %1 here. farthing %2--help lists the options.")
                    .arg(name, verb ? verb->name + QLatin1Char(' ') : QString()));
        if (line.has(name) && !spec->repeatable)
            return usageError(QStringLiteral("%1 may be given once.").arg(name));
        QString value;
        if (!spec->argument.isEmpty()) {
            if (equals >= 0)
                value = argument.mid(equals + 1);
            else if (i + 1 < arguments.size())
                value = arguments.at(++i);
            else
                return usageError(
                    QStringLiteral("%1 needs a value: %1 %2").arg(name, spec->argument));
        } else if (equals >= 0) {
            return usageError(QStringLiteral("%1 takes no value.").arg(name));
        }
        line.values[name].append(value);
    }
    if (const auto checked = checkOptions(line); !checked)
        return checked.error();
    return line;
}

QString helpText(const QString &verbName)
{
    QString help;
    if (const VerbSpec *verb = findVerb(verbName)) {
        help = QStringLiteral("farthing %1%2: %3\n\n")
                   .arg(verb->name,
                        verb->operand.isEmpty() ? QString()
                                                : QStringLiteral(" [%1]").arg(verb->operand),
                        verb->summary);
        if (!verb->options.isEmpty())
            help += optionHelp(verb->options) + QLatin1Char('\n');
    } else {
        help = QStringLiteral("Farthing %1: a chat for every LLM provider that always knows what "
                              "an answer costs.\n\n"
                              "farthing            open the window\n")
                   .arg(QStringLiteral(FARTHING_VERSION));
        for (const VerbSpec &v : verbs())
            help += QStringLiteral("farthing %1 %2\n").arg(v.name, -10).arg(v.summary);
        help += QLatin1Char('\n');
    }
    help +=
        QStringLiteral("Common options, before or after the verb:\n") + optionHelp(commonOptions());
    return help;
}

} // namespace app
