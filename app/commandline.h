#pragma once

#include "core/base/result.h"

#include <QMap>
#include <QString>
#include <QStringList>

namespace app {

//! What a verb takes, for parsing and for --help.
struct OptionSpec
{
    QString name;     //!< With its dashes: "--target".
    QString argument; //!< Placeholder in help ("PROVIDER/MODEL"); empty: a switch.
    QString help;
    bool repeatable = false;
};

struct VerbSpec
{
    QString name;
    QString operand; //!< Placeholder of its one operand; empty: takes none.
    QString summary;
    QList<OptionSpec> options;
};

//! The arguments of one run, parsed. Options stand before or after the verb and its operand; "--"
//! ends them.
struct CommandLine
{
    QString verb; //!< Empty: the window.
    std::optional<QString> operand;
    QMap<QString, QStringList> values; //!< By option name; switches have one empty value.

    [[nodiscard]] bool has(const QString &option) const { return values.contains(option); }
    [[nodiscard]] QString value(const QString &option) const
    {
        return values.value(option).value(0);
    }
    [[nodiscard]] QStringList all(const QString &option) const { return values.value(option); }
};

[[nodiscard]] const QList<VerbSpec> &verbs();
[[nodiscard]] const QList<OptionSpec> &commonOptions();

//! Errors are InputRejected; their detail is the sentence for the user.
[[nodiscard]] core::Result<CommandLine> parseCommandLine(const QStringList &arguments);
[[nodiscard]] QString helpText(const QString &verb); //!< Of the program if empty.

//! An InputRejected error with this sentence.
[[nodiscard]] core::Error usageError(const QString &sentence);

} // namespace app
