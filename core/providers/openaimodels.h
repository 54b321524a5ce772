#pragma once

#include "core/providers/provideradapter.h"

namespace core {

//! Reads a model list as OpenAI and the servers that are compatible with it send it. What each adds
//! is taken where it is met: context window (OpenRouter, vLLM, Groq, Mistral, llama.cpp), longest
//! answer, what goes in, tools, reasoning.
[[nodiscard]] Result<ModelPage> openAiModels(const QByteArray &body);

} // namespace core
