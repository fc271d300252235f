using System.Diagnostics;
using System.Net.Sockets;
using Synfin.Tcp;
using Synfin.Wire;

namespace Synfin.Sockets;

/// <summary>The engine's errors as users of System.Net know them.</summary>
internal static class SocketErrors
{
    /// <summary>Of OPEN, LISTEN and accept.</summary>
    public static SocketException Open(TcpError error) => new((int)ToSocketError(error));

    /// <summary>Of LISTEN: says where.</summary>
    public static SocketException Listen(TcpError error, InternetAddress? address, ushort port) =>
        At(error, address, port, "another listener of this stack has it: close that one, or take port 0 for a free one");

    /// <summary>Of taking a UDP port: says which.</summary>
    public static SocketException BindUdp(TcpError error, InternetAddress? address, ushort port) =>
        At(error, address, port, "another UDP socket of this stack has it: dispose that one, or take port 0 for a free one");

    private static SocketException At(TcpError error, InternetAddress? address, ushort port, string inUse)
    {
        SocketException plain = Open(error);
        string where = $"{address ?? InternetAddress.AnyIpv6} port {port}";
        string help = error switch
        {
            TcpError.ConnectionAlreadyExists => inUse,
            TcpError.NoPortAvailable => "no free port is left",
            TcpError.InvalidLocalAddress => "the stack has no such address",
            _ => "a limit of StackOptions was reached",
        };
        return new SocketException((int)plain.SocketErrorCode, $"{plain.Message} ({where}: {help})");
    }

    /// <summary>Of a read.</summary>
    public static IOException Read(TcpError error) => Read(ToSocketError(error));

    /// <summary>Of a read.</summary>
    public static IOException Read(SocketError error) => Wrap("Unable to read data from the transport connection", error);

    /// <summary>Of a write.</summary>
    public static IOException Write(TcpError error) => Write(ToSocketError(error));

    /// <summary>Of a write.</summary>
    public static IOException Write(SocketError error) => Wrap("Unable to write data to the transport connection", error);

    /// <summary>The nearest code.</summary>
    public static SocketError ToSocketError(TcpError error) => error switch
    {
        TcpError.ConnectionDoesNotExist => SocketError.NotConnected,
        TcpError.ConnectionAlreadyExists => SocketError.AddressAlreadyInUse,
        TcpError.ConnectionClosing => SocketError.Shutdown,
        TcpError.ConnectionReset => SocketError.ConnectionReset,
        TcpError.ConnectionRefused => SocketError.ConnectionRefused,
        TcpError.TimedOut => SocketError.TimedOut,
        TcpError.Aborted => SocketError.OperationAborted,
        TcpError.InvalidRemoteAddress => SocketError.AddressNotAvailable,
        TcpError.InvalidLocalAddress => SocketError.AddressNotAvailable,
        TcpError.InsufficientResources => SocketError.NoBufferSpaceAvailable,
        TcpError.NoPortAvailable => SocketError.AddressNotAvailable,
        TcpError.NetworkUnreachable => SocketError.NetworkUnreachable,
        TcpError.HostUnreachable => SocketError.HostUnreachable,
        TcpError.Prohibited => SocketError.HostUnreachable,
        TcpError.MessageTooLong => SocketError.MessageSize,
        TcpError.None or TcpError.WouldBlock => throw new UnreachableException(),
        _ => throw new UnreachableException(),
    };

    private static IOException Wrap(string what, SocketError error)
    {
        SocketException inner = new((int)error);
        return new IOException($"{what}: {inner.Message}.", inner);
    }
}
