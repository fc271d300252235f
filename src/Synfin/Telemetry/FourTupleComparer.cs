using Synfin.Wire;

namespace Synfin.Telemetry;

/// <summary>
/// Four-tuples as keys of a dictionary. <see cref="HashCode"/> has a secret of the process, so that peers cannot choose ports and addresses
/// that meet in one bucket (CVE-2023-1206); the addresses' halves go in one by one, since folding them would undo that.
/// </summary>
internal sealed class FourTupleComparer : IEqualityComparer<FourTuple>
{
    public static FourTupleComparer Instance { get; } = new();

    public bool Equals(FourTuple x, FourTuple y) => x == y;

    public int GetHashCode(FourTuple obj) => HashCode.Combine(
        (int)obj.RemoteAddress.Low,
        (int)(obj.RemoteAddress.Low >> 32),
        (int)obj.RemoteAddress.High,
        (int)(obj.RemoteAddress.High >> 32),
        obj.RemotePort << 16 | obj.LocalPort,
        (int)obj.LocalAddress.Low,
        (int)(obj.LocalAddress.Low >> 32),
        obj.LocalAddress.High);
}
