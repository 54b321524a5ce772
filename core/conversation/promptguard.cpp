#include "core/conversation/promptguard.h"

#include "core/chat/attachment.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <optional>

namespace core {

namespace {

constexpr qsizetype MostConcerns = 20;
constexpr qsizetype MostPlaces = 4; // told one by one

struct SecretShape
{
    PromptConcern::Kind kind;
    const char *what; //!< For people, English; empty: the kind says it.
    const char *pattern;
};

using Kind = PromptConcern::Kind;

//! Shapes that hardly occur by chance: each has a fixed beginning and enough behind it.
constexpr std::array Shapes{
    SecretShape{Kind::PrivateKey, "", R"(-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY-----)"},
    SecretShape{Kind::ServiceKey, "Anthropic", R"(\bsk-ant-[A-Za-z0-9_-]{20,})"},
    SecretShape{Kind::ServiceKey, "OpenRouter", R"(\bsk-or-[A-Za-z0-9_-]{20,})"},
    SecretShape{Kind::ServiceKey, "OpenAI", R"(\bsk-(?!ant-|or-)[A-Za-z0-9_-]{20,})"},
    SecretShape{Kind::ServiceKey, "Google", R"(\bAIza[A-Za-z0-9_-]{35})"},
    SecretShape{Kind::ServiceKey, "AWS", R"(\b(?:AKIA|ASIA)[A-Z0-9]{16}\b)"},
    SecretShape{Kind::ServiceKey, "AWS",
                R"(\baws_secret_access_key\s*[=:]\s*["']?[A-Za-z0-9/+]{40}\b)"},
    SecretShape{Kind::ServiceKey, "Groq", R"(\bgsk_[A-Za-z0-9]{32,})"},
    SecretShape{Kind::ServiceKey, "xAI", R"(\bxai-[A-Za-z0-9]{40,})"},
    SecretShape{Kind::ServiceKey, "Hugging Face", R"(\bhf_[A-Za-z0-9]{30,})"},
    SecretShape{Kind::ServiceKey, "GitHub",
                R"(\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,}))"},
    SecretShape{Kind::ServiceKey, "GitLab", R"(\bglpat-[A-Za-z0-9_-]{20,})"},
    SecretShape{Kind::ServiceKey, "Slack", R"(\bxox[abposr]-[A-Za-z0-9-]{20,})"},
    SecretShape{Kind::ServiceKey, "Stripe", R"(\b[sr]k_live_[A-Za-z0-9]{20,})"},
    SecretShape{Kind::AccessToken, "",
                R"(\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,})"},
    SecretShape{Kind::AccessToken, "", R"(\b[Bb]earer\s+(?!eyJ)[A-Za-z0-9._~+/-]{24,}=*)"},
    SecretShape{Kind::Password, "",
                R"(\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@]{1,64}:[^\s:/@]{3,128}@[A-Za-z0-9.-]+)"},
};

void find(const QString &text, const QRegularExpression &expression, Kind kind, const QString &what,
          QList<PromptConcern> &concerns)
{
    auto matches = expression.globalMatch(text);
    for (qsizetype found = 0; matches.hasNext() && found < MostConcerns;) {
        const QRegularExpressionMatch match = matches.next();
        if (match.capturedLength() == 0)
            continue; // a pattern that matches nothing says nothing
        concerns.append({kind, match.capturedStart(), match.capturedLength(), what});
        ++found;
    }
}

QString nameOf(const PromptConcern &concern)
{
    const auto text = [](const char *source) {
        return QCoreApplication::translate("core::PromptGuard", source);
    };
    switch (concern.kind) {
    case Kind::PrivateKey:
        return text("a private key");
    case Kind::ServiceKey:
        return text("a key of %1").arg(concern.what);
    case Kind::AccessToken:
        return text("an access token");
    case Kind::Password:
        return text("an address with a password");
    case Kind::Blocked:
        return text("what you block: %1").arg(concern.what);
    }
    return {};
}

//! What stands between the slashes; none: \p pattern is text.
std::optional<QRegularExpression> expressionIn(const QString &pattern)
{
    if (pattern.size() <= 2 || !pattern.startsWith(u'/') || !pattern.endsWith(u'/'))
        return std::nullopt;
    return QRegularExpression(pattern.sliced(1, pattern.size() - 2));
}

} // namespace

PromptGuard::PromptGuard(const QStringList &blocked)
{
    for (const QString &entry : blocked) {
        const QString pattern = entry.trimmed();
        if (pattern.isEmpty())
            continue;
        QRegularExpression expression(QRegularExpression::escape(pattern),
                                      QRegularExpression::CaseInsensitiveOption);
        if (const auto own = expressionIn(pattern); own && own->isValid())
            expression = *own;
        m_blocked.append({pattern, expression});
    }
}

QList<PromptConcern> PromptGuard::concernsOf(const QString &text) const
{
    static const auto expressions = [] {
        std::array<QRegularExpression, Shapes.size()> compiled;
        std::transform(Shapes.begin(), Shapes.end(), compiled.begin(),
                       [](const SecretShape &shape) {
                           return QRegularExpression(QString::fromLatin1(shape.pattern));
                       });
        return compiled;
    }();
    QList<PromptConcern> concerns;
    for (std::size_t i = 0; i < Shapes.size(); ++i)
        find(text, expressions[i], Shapes[i].kind, QString::fromLatin1(Shapes[i].what), concerns);
    for (const Blocked &blocked : m_blocked)
        find(text, blocked.expression, Kind::Blocked, blocked.name, concerns);
    std::stable_sort(
        concerns.begin(), concerns.end(),
        [](const PromptConcern &a, const PromptConcern &b) { return a.position < b.position; });
    return concerns.first(std::min(concerns.size(), MostConcerns));
}

QString PromptGuard::warningOn(const OutgoingPrompt &prompt) const
{
    QStringList sentences;
    const auto look = [this, &sentences](const QString &text, const QString &place) {
        const QString sentence = concernText(concernsOf(text), place);
        if (!sentence.isEmpty() && !sentences.contains(sentence))
            sentences.append(sentence);
    };
    look(prompt.text, {});
    for (const AttachmentPart &file : prompt.files) {
        if (isText(file))
            look(QString::fromUtf8(file.data), QStringLiteral("\u201c%1\u201d").arg(file.name));
    }
    for (const QString &system : prompt.systems)
        look(system, QCoreApplication::translate("core::PromptGuard", "The system prompt"));
    for (const QString &schema : prompt.schemas)
        look(schema, QCoreApplication::translate("core::PromptGuard", "The answer's schema"));
    const qsizetype more = sentences.size() - MostPlaces;
    if (more > 0) {
        sentences = sentences.first(MostPlaces);
        sentences.append(QCoreApplication::translate("core::PromptGuard", "And %n more like it.",
                                                     nullptr, static_cast<int>(more)));
    }
    return sentences.join(u' ');
}

QString patternFault(const QString &entry)
{
    const auto expression = expressionIn(entry.trimmed());
    return expression && !expression->isValid() ? expression->errorString() : QString();
}

QString concernText(const QList<PromptConcern> &concerns, const QString &place)
{
    if (concerns.isEmpty())
        return {};
    QStringList names;
    for (const PromptConcern &concern : concerns) {
        if (const QString name = nameOf(concern); !names.contains(name))
            names.append(name);
    }
    const QString where =
        place.isEmpty() ? QCoreApplication::translate("core::PromptGuard", "The message") : place;
    const QString rest =
        names.size() < 2 ? QString()
                         : QCoreApplication::translate("core::PromptGuard", " (and %n more)",
                                                       nullptr, static_cast<int>(names.size()) - 1);
    return QCoreApplication::translate("core::PromptGuard", "%1 holds %2%3.")
        .arg(where, names.first(), rest);
}

} // namespace core
