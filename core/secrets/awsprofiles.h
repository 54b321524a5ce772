#pragma once

#include "core/base/result.h"
#include "core/base/secretstring.h"

#include <QByteArrayView>
#include <QList>
#include <QString>

#include <optional>

namespace core {

//! What the environment says about AWS's shared files: read in the main thread, used anywhere.
struct AwsEnvironment
{
    QString credentialsFile; //!< AWS_SHARED_CREDENTIALS_FILE, else ~/.aws/credentials.
    QString configFile;      //!< AWS_CONFIG_FILE, else ~/.aws/config.
    QString profile;         //!< AWS_PROFILE, else "default".
    QString region;          //!< AWS_REGION, else AWS_DEFAULT_REGION; may be empty.

    [[nodiscard]] static AwsEnvironment current();
    bool operator==(const AwsEnvironment &) const = default;
};

//! One profile of the two files taken together. Where both name keys, those of the credentials file
//! hold, as in AWS's own programs.
struct AwsProfile
{
    enum class Kind {
        Keys,        //!< Access keys stand in a file.
        Process,     //!< credential_process: a program gives them.
        Unsupported, //!< It gets them in a way that is not ours: `obstacle` names the setting.
        Broken,      //!< Half a pair of keys, or in no form that AWS uses.
        Empty        //!< No keys, and no way to them.
    };
    QString name;
    QString region; //!< May be empty.
    Kind kind = Kind::Empty;
    QString obstacle;
    QString process;   //!< The command as it was written.
    SecretString keys; //!< ID:SECRET[:SESSION_TOKEN]; empty in lists.
};

//! Reads AWS's dialect of INI ("Configuration and credential file settings", November 2026):
//! [default] and [profile NAME] in the config file, [NAME] in the credentials file, "#" and ";"
//! comments, indented sub-settings, which are skipped. Never fails: what is no line of this kind is
//! skipped. Linear. Profiles come in the order in which they stand, "default" first, without keys.
[[nodiscard]] QList<AwsProfile> awsProfilesIn(QByteArrayView credentials, QByteArrayView config);
//! The same for one profile, with its keys. None: KeyMissing, naming those that there are.
[[nodiscard]] Result<AwsProfile> awsProfileIn(QByteArrayView credentials, QByteArrayView config,
                                              const QString &name);

//! These read the files: for a thread that may wait for the disk. A file that is not there is an
//! empty one. Errors: KeyUnavailable, when a file cannot be read or is no text file of sane size.
[[nodiscard]] Result<QList<AwsProfile>> readAwsProfiles(const AwsEnvironment &environment);
[[nodiscard]] Result<AwsProfile> readAwsProfile(const AwsEnvironment &environment,
                                                const QString &name);

//! The parts as one secret, ID:SECRET[:SESSION_TOKEN]; none if they are not in the form that AWS
//! uses. \p token may be empty.
[[nodiscard]] std::optional<SecretString> awsKeys(QByteArrayView id, QByteArrayView secret,
                                                  QByteArrayView token);

//! Why \p profile gives no keys, and what to do about it: KeyMissing. Only for kinds without keys
//! or a process.
[[nodiscard]] Error awsProfileProblem(const AwsProfile &profile);

} // namespace core
