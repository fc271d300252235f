using System.Net;
using Synfin.Wire;

namespace Synfin.Sockets;

/// <summary>The engine's addresses as users of System.Net know them.</summary>
internal static class EndPoints
{
    /// <summary>An address of the engine.</summary>
    public static InternetAddress ToInternetAddress(IPAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        address.TryWriteBytes(octets, out int written);
        return InternetAddress.FromBytes(octets[..written]);
    }

    /// <summary>An end point: an IPv4 address for IPv4, not a mapped one.</summary>
    public static IPEndPoint ToIPEndPoint(InternetAddress address, ushort port)
    {
        Span<byte> octets = stackalloc byte[16];
        int written = address.WriteTo(octets);
        return new IPEndPoint(new IPAddress(octets[..written]), port);
    }
}
