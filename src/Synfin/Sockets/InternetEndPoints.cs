using System.Net;
using Synfin.Wire;

namespace Synfin.Sockets;

/// <summary>The engine's addresses as those of System.Net, and back.</summary>
public static class InternetEndPoints
{
    /// <summary>The address as System.Net knows it; an IPv4 address is never mapped.</summary>
    public static IPAddress ToIPAddress(this InternetAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        int length = address.IsIpv4 ? 4 : 16;
        address.WriteTo(octets[..length]);
        return new IPAddress(octets[..length]);
    }

    /// <summary>The address and a port.</summary>
    public static IPEndPoint ToEndPoint(this InternetAddress address, ushort port) => new(address.ToIPAddress(), port);

    /// <summary>The engine's address; a mapped one becomes the IPv4 address that it maps. Scopes are lost.</summary>
    public static InternetAddress ToInternetAddress(this IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> octets = stackalloc byte[16];
        (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).TryWriteBytes(octets, out int written);
        return InternetAddress.FromBytes(octets[..written]);
    }
}
