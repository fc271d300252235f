namespace Synfin.Wire;

/// <summary>What names a connection (RFC 9293 3.3.1): both addresses and ports, seen from the local end.</summary>
/// <param name="LocalAddress">Our address.</param>
/// <param name="LocalPort">Our port.</param>
/// <param name="RemoteAddress">The peer's address.</param>
/// <param name="RemotePort">The peer's port.</param>
public readonly record struct FourTuple(InternetAddress LocalAddress, ushort LocalPort, InternetAddress RemoteAddress, ushort RemotePort)
{
    /// <summary>The same connection, seen from the other end.</summary>
    public FourTuple Reversed => new(RemoteAddress, RemotePort, LocalAddress, LocalPort);

    /// <inheritdoc/>
    public override string ToString() => $"{LocalAddress.WithPort(LocalPort)}-{RemoteAddress.WithPort(RemotePort)}";
}
