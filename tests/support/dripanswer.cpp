#include "tests/support/dripanswer.h"

namespace tests {

Answer dripAnswer(std::chrono::milliseconds pace, int words)
{
    Answer answer = Answer::stream();
    for (int word = 0; word < words; ++word) {
        answer.write(R"(data: {"id":"c1","model":"drip","choices":[{"index":0,"delta":{"content":"w)" +
                     QByteArray::number(word) + " \"}}]}\n\n");
        if (pace.count() > 0)
            answer.pause(pace);
    }
    const QByteArray count = QByteArray::number(words);
    answer.write("data: {\"id\":\"c1\",\"model\":\"drip\",\"choices\":[{\"index\":0,\"delta\":{},"
                 "\"finish_reason\":\"stop\"}]}\n\n");
    answer.write("data: {\"id\":\"c1\",\"model\":\"drip\",\"choices\":[],\"usage\":{\"prompt_tokens\":9,"
                 "\"completion_tokens\":" + count + ",\"total_tokens\":" + QByteArray::number(words + 9) + "}}\n\n");
    answer.write("data: [DONE]\n\n");
    return answer;
}

} // namespace tests
