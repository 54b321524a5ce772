#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QUrl>

namespace core {

//! One service: a row of resources/providers.json. Flags describe what it does on the wire; the
//! defaults are conservative.
struct ProviderInfo
{
    QString id;       //!< "anthropic", "openai-chat", "ollama", ...
    QString name;     //!< For people.
    QString protocol; //!< Adapter: "openai-chat", "anthropic", ...
    //! What the service calls this form of its API, where it has several; empty: the name.
    QString formName;
    QUrl baseUrl;
    QByteArray authHeader; //!< "authorization" (with Bearer) or the header that takes the bare key;
                           //!< empty: no key.
    QString keyEnv;        //!< Environment variable that may hold the key.
    //! Variables that together are the key, joined by ":", where keyEnv is not set; the last ones
    //! may be missing (AWS: id, secret, session token).
    QStringList keyEnvParts;
    QString keyForm;     //!< How one comes by a key and what it looks like, for people.
    QString baseUrlForm; //!< What the base URL must say, for people; empty: nothing special.
    QUrl keyHelpUrl;     //!< Where a person gets a key.
    //! Below the base URL: what is free and answers only those who have a key. For services that
    //! list their models to everybody; empty: the list proves the key.
    QString keyCheckPath;
    QString priceProvider; //!< Provider id in prices.json; empty: no prices known.
    QString accountOf;     //!< Row whose account and key this one shares (openai-chat -> openai);
                           //!< empty: own.
    //! What ids of models begin with that are listed but cannot chat; with "-" in front: what they
    //! hold anywhere.
    QStringList hiddenModels;
    //! What ids of Claude models hold that take a temperature and top_p: newer ones refuse both.
    //! Empty: all do.
    QStringList samplingModels;
    //! Models, as such and in dated versions, that always refuse a temperature of one's own and
    //! top_p.
    QStringList fixedSamplingModels;
    //! What ids of models hold that refuse a reasoning effort, where the service takes one.
    QStringList unreasoningModels;
    QByteArray maxTokensMember = "max_tokens";
    //! Base URL with "{region}" in its host, where each region has one; empty: there are no
    //! regions.
    QString regionUrl;
    bool keyRequired = true;
    bool keyPair = false;           //!< AWS access keys do as well as a key.
    bool awsProfiles = false;       //!< Profiles of AWS's shared files do.
    bool entraSignIn = false;       //!< Tokens of Microsoft Entra ID do.
    bool local = false;             //!< Runs on the user's machine: cost is "local", works offline.
    bool simulated = false;         //!< The practice provider.
    bool deployments = false;       //!< Models are names that the user gave: no list tells them.
    bool streamUsageOption = false; //!< Takes stream_options.include_usage.
    bool images = false;
    bool documents = false;
    bool tools = true;
    bool toolChoice = true;   //!< Heeds tool_choice.
    int toolCallIdLength = 0; //!< Letters and digits of a tool call's id; 0: any id does.
    bool reasoningEffort = false;
    bool structuredOutput = false; //!< Takes a JSON schema for the answer.
    bool cacheMarks = false;       //!< Keeps the part of a prompt that is marked, at a price.
    bool developerRole = false;    //!< System prompt goes as role developer on reasoning models.

    bool operator==(const ProviderInfo &) const = default;
};

} // namespace core
