#include "app/console.h"
#include "app/inputfile.h"
#include "app/verbs/verbs.h"
#include "core/tokens/modelencoding.h"

namespace app {

namespace {

constexpr qint64 LargestText = 256 * 1024 * 1024;

//! E is the name of an encoding, or a model that has one.
std::optional<core::EncodingId> encodingFrom(const QString &name)
{
    const auto encoding = core::encodingNamed(name);
    return encoding ? encoding : core::encodingOf(name);
}

} // namespace

ExitCode runTokens(const CommandLine &line)
{
    QStringList known;
    for (const core::EncodingId id : core::allEncodings())
        known.append(core::nameOf(id));
    const QString name = line.value(QStringLiteral("--encoding"));
    const auto id = encodingFrom(name);
    if (!id)
        return fail(usageError(name.isEmpty()
                                   ? QStringLiteral("Name the encoding: --encoding %1.")
                                         .arg(known.join(QStringLiteral(" or ")))
                                   : QStringLiteral("There is no encoding '%1'. Known: %2, and "
                                                    "OpenAI's models that have one of them.")
                                         .arg(name, known.join(QStringLiteral(", ")))));
    const auto text = readInput(line.operand, LargestText);
    if (!text)
        return fail(text.error());
    const auto encoding = core::Encoding::load(*id);
    if (!encoding)
        return fail(encoding.error());
    Console::outLine(QString::number((*encoding)->count(QByteArrayView(*text))));
    return ExitCode::Success;
}

} // namespace app
