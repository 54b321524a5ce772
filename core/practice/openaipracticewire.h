#pragma once

#include "core/practice/practicewire.h"

#include <QJsonObject>

namespace core {

//! Chat Completions, with the reasoning_content member that compatible servers use. Azure's wire is
//! this one with other paths, errors and filter results.
class OpenAiPracticeWire : public PracticeWire
{
public:
    [[nodiscard]] QByteArray root() const override;
    [[nodiscard]] QList<PracticePath> paths() const override;
    [[nodiscard]] bool isProven(const LoopbackRequest &request, const SecretString &token,
                                std::chrono::sys_seconds now) const override;
    [[nodiscard]] Result<PracticeRequest> readRequest(const PracticeCall &call) const override;
    [[nodiscard]] QList<PracticePiece> stream(const PracticeReply &reply) const override;
    [[nodiscard]] QByteArray whole(const PracticeReply &reply) const override;
    [[nodiscard]] PracticeRefused refused(const PracticeFailure &failure) const override;
    [[nodiscard]] QByteArray streamError(const PracticeReply &reply, const PracticeFailure &failure,
                                         qsizetype sent) const override;
    [[nodiscard]] HttpHeaders headers(const QString &id) const override;
    [[nodiscard]] QByteArray models(const QList<PracticeModel> &models,
                                    const PracticeCall &call) const override;

protected:
    [[nodiscard]] virtual QJsonObject errorObject(const PracticeFailure &failure) const;
    //! Members that each choice has besides its own.
    [[nodiscard]] virtual QJsonObject choiceExtras() const { return {}; }

private:
    [[nodiscard]] QJsonObject choice(const QString &member, const QJsonObject &content,
                                     const QJsonValue &finish) const;
};

//! The error body that OpenAI's protocols share.
[[nodiscard]] QJsonObject openAiPracticeError(const PracticeFailure &failure);
[[nodiscard]] PracticeRefused openAiPracticeRefusal(const PracticeFailure &failure,
                                                    HttpHeaders headers);

} // namespace core
