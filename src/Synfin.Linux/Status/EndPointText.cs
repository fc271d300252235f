using System.Globalization;
using Synfin.Wire;

namespace Synfin.Linux.Status;

/// <summary>End points as people write them.</summary>
internal static class EndPointText
{
    public static string Of(InternetAddress address, ushort port) => address.IsIpv4
        ? string.Create(CultureInfo.InvariantCulture, $"{address}:{port}")
        : string.Create(CultureInfo.InvariantCulture, $"[{address}]:{port}");
}
