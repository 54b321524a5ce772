#pragma once

#include "core/client/chatclient.h"
#include "core/client/tokencalibration.h"
#include "core/tokens/textcounts.h"

#include <QObject>

#include <memory>

namespace core {

//! Teaches a TokenCalibration by what services report of answers that came whole. Not by prompts
//! with pictures, documents or earlier reasoning, which nobody here can count, nor by models whose
//! tokenizer is known. Counts in the pool, a moment after the answer. Main thread.
class CalibrationFeed final : public QObject
{
    Q_OBJECT
public:
    //! Each must outlive this; \p models may be nullptr.
    CalibrationFeed(const ChatClient &client, TokenCalibration &calibration,
                    std::shared_ptr<TextCounts> counts, const ModelBook *models,
                    QObject *parent = nullptr);

private:
    void learn(const ChatRequest &request, const AttemptRecord &attempt);

    TokenCalibration &m_calibration;
    std::shared_ptr<TextCounts> m_counts;
    const ModelBook *m_models;
};

} // namespace core
