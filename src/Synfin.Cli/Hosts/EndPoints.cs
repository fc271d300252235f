using System.Globalization;
using Synfin.Wire;

namespace Synfin.Cli.Hosts;

/// <summary>End points as people read them.</summary>
internal static class EndPoints
{
    /// <summary>"10.9.0.2 port 80".</summary>
    public static string Words(string host, int port) => string.Create(CultureInfo.InvariantCulture, $"{host} port {port}");

    /// <summary>The address as it stands in a URL.</summary>
    public static string InUrl(InternetAddress address) => address.IsIpv4 ? $"{address}" : $"[{address}]";
}
