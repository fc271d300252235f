using System.Collections.Generic;
using Synfin.Wire;

namespace Synfin.Drill.Sockets;

/// <summary>The names of errnos, and their numbers where an option holds one (SO_ERROR).</summary>
internal static class Errnos
{
    public const string Again = "EAGAIN";
    public const string BadDescriptor = "EBADF";
    public const string Invalid = "EINVAL";
    public const string Pipe = "EPIPE";
    public const string NotConnected = "ENOTCONN";
    public const string Connected = "EISCONN";
    public const string InProgress = "EINPROGRESS";
    public const string Already = "EALREADY";
    public const string Refused = "ECONNREFUSED";
    public const string Reset = "ECONNRESET";
    public const string Aborted = "ECONNABORTED";
    public const string TimedOut = "ETIMEDOUT";
    public const string HostUnreachable = "EHOSTUNREACH";
    public const string NetworkUnreachable = "ENETUNREACH";
    public const string AddressInUse = "EADDRINUSE";
    public const string AddressNotAvailable = "EADDRNOTAVAIL";
    public const string FamilyNotSupported = "EAFNOSUPPORT";
    public const string NotSupported = "EOPNOTSUPP";
    public const string NoSuchOption = "ENOPROTOOPT";
    public const string NoBuffers = "ENOBUFS";
    public const string NoMemory = "ENOMEM";
    public const string TooLong = "EMSGSIZE";
    public const string DestinationRequired = "EDESTADDRREQ";
    public const string Access = "EACCES";
    public const string NotPermitted = "EPERM";
    public const string NoEntry = "ENOENT";
    public const string Protocol = "EPROTO";
    public const string OutOfRange = "EDOM";
    public const string NotTerminal = "ENOTTY";
    public const string HostDown = "EHOSTDOWN";
    public const string NoNetwork = "ENONET";

    /// <summary>asm-generic/errno.h; FreeBSD's values too are told with these numbers, as everything symbolic in a script is.</summary>
    private static readonly Dictionary<string, int> Numbers = new()
    {
        [NotPermitted] = 1,
        [NoEntry] = 2,
        [BadDescriptor] = 9,
        [Again] = 11,
        [NoMemory] = 12,
        [Access] = 13,
        [Invalid] = 22,
        [NotTerminal] = 25,
        [Pipe] = 32,
        [OutOfRange] = 33,
        [NoNetwork] = 64,
        [Protocol] = 71,
        [DestinationRequired] = 89,
        [TooLong] = 90,
        [NoSuchOption] = 92,
        [NotSupported] = 95,
        [FamilyNotSupported] = 97,
        [AddressInUse] = 98,
        [AddressNotAvailable] = 99,
        [NetworkUnreachable] = 101,
        [Aborted] = 103,
        [Reset] = 104,
        [NoBuffers] = 105,
        [Connected] = 106,
        [NotConnected] = 107,
        [TimedOut] = 110,
        [Refused] = 111,
        [HostDown] = 112,
        [HostUnreachable] = 113,
        [Already] = 114,
        [InProgress] = 115,
    };

    /// <summary>The number of a name; 0 for none.</summary>
    public static int Number(string? name) => name is null ? 0 : Numbers[name];

    /// <summary>Whether a name is an errno's, and its number.</summary>
    public static bool TryNumber(string name, out int number) => Numbers.TryGetValue(name, out number);

    /// <summary>icmp_err_convert[], icmp6_err_convert(); inetctlerrmap[] of BSD, where an OPEN is refused by whoever forbids it.</summary>
    public static string? Of(IcmpKind said, KernelKind kind) => said switch
    {
        IcmpKind.PortUnreachable => Refused,
        IcmpKind.ProtocolUnreachable => kind is KernelKind.Linux ? NoSuchOption : Refused,
        IcmpKind.Prohibited => kind is KernelKind.Linux ? HostUnreachable : Refused,
        IcmpKind.NetworkUnreachable => kind is KernelKind.Linux ? NetworkUnreachable : HostUnreachable,
        IcmpKind.HostUnreachable or IcmpKind.TimeExceeded => HostUnreachable,
        IcmpKind.SourceRouteFailed => kind is KernelKind.Linux ? NotSupported : HostUnreachable,
        IcmpKind.ParameterProblem => kind is KernelKind.Linux ? Protocol : NoSuchOption,
        _ => null, // nothing that ends a connection
    };

    /// <summary>The same by the code, for those that Linux tells apart within a kind.</summary>
    public static string? Of(IcmpKind said, byte code, bool ipv6, KernelKind kind) => (kind, ipv6, said, code) switch
    {
        (KernelKind.Linux, false, IcmpKind.HostUnreachable, 7) => HostDown,
        (KernelKind.Linux, false, IcmpKind.HostUnreachable, 8) => NoNetwork,
        (KernelKind.Linux, false, IcmpKind.Prohibited, 9) => NetworkUnreachable,
        (KernelKind.Linux, true, IcmpKind.Prohibited, _) => Access,
        _ => Of(said, kind),
    };

    /// <summary>The name of a number; null for 0.</summary>
    public static string? Name(int number)
    {
        if (number == 0) return null;
        foreach ((string name, int value) in Numbers)
        {
            if (value == number) return name;
        }
        throw new System.ArgumentOutOfRangeException(nameof(number), number, "no errno of sockets has this number: add it to Errnos");
    }

    /// <summary>What the engine said of a connection or datagram, as the kernel's error of the socket; null if it is none.</summary>
    public static string? Of(TcpError error, KernelKind kind) => error switch
    {
        TcpError.None or TcpError.WouldBlock or TcpError.Aborted => null,
        TcpError.ConnectionReset => Reset,
        TcpError.ConnectionRefused => Refused,
        TcpError.TimedOut => TimedOut,
        TcpError.NetworkUnreachable => NetworkUnreachable,
        TcpError.HostUnreachable => HostUnreachable,
        TcpError.Prohibited => kind is KernelKind.Linux ? HostUnreachable : Refused, // code 13; PRC_UNREACH_ADMIN_PROHIB
        TcpError.MessageTooLong => TooLong,
        TcpError.InsufficientResources => NoBuffers,
        TcpError.NoPortAvailable or TcpError.InvalidLocalAddress => AddressNotAvailable,
        TcpError.ConnectionAlreadyExists => AddressInUse,
        TcpError.InvalidRemoteAddress => NetworkUnreachable,
        TcpError.ConnectionDoesNotExist => NotConnected,
        TcpError.ConnectionClosing => Pipe,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
