#pragma once

#include "core/base/result.h"
#include "core/chat/message.h"

namespace core {

//! Largest file that can be attached, in bytes: what every service takes in one request.
constexpr qint64 LargestAttachment = 20 * 1024 * 1024;

//! A file as it goes to a model. Its type is told by \p bytes alone: PNG, JPEG, GIF, WebP, PDF, or
//! text (UTF-8 without control characters). \p name is a label; a path is cut to its last part.
//! Errors: InputRejected with a sentence that names the file (empty, too large, of another type).
[[nodiscard]] Result<AttachmentPart> attachmentFrom(const QString &name, const QByteArray &bytes);

//! Whether they are equal; bytes that both share are not read for it.
[[nodiscard]] bool isSameFile(const AttachmentPart &a, const AttachmentPart &b);
[[nodiscard]] bool isImage(const AttachmentPart &attachment);
//! Goes to a model as words: what has no better place in a protocol is written into the prompt.
[[nodiscard]] bool isText(const AttachmentPart &attachment);
//! A text file as part of a prompt: its name, then its content, fenced.
[[nodiscard]] QString promptText(const AttachmentPart &attachment);

} // namespace core
