#include "core/base/random.h"

#include <QRandomGenerator>

namespace core {

double Random::uniform()
{
    return static_cast<double>(bits() >> 11) * 0x1.0p-53;
}

std::uint64_t SystemRandom::bits()
{
    return QRandomGenerator::system()->generate64();
}

} // namespace core
