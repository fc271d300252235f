using System;
using System.Collections.Generic;
using System.Net;
using Synfin.Timers;

namespace Synfin.Drill.Sockets;

/// <summary>One call with its arguments as values of the host, and room for what it gives back. Descriptors are the script's.</summary>
internal abstract class SocketCall
{
    /// <summary>When it was made first.</summary>
    public Timestamp Since { get; set; }
}

/// <summary>socket(2), of the family that the runner chose.</summary>
internal sealed class SocketOpenCall(int descriptor, bool ipv6, bool stream, bool nonBlocking) : SocketCall
{
    /// <summary>What the script expects, which is what it gets: descriptors are the script's own numbers.</summary>
    public int Descriptor { get; } = descriptor;
    public bool Ipv6 { get; } = ipv6;
    public bool Stream { get; } = stream;
    public bool NonBlocking { get; } = nonBlocking;
}

/// <summary>bind(2); a null end point is no valid address.</summary>
internal sealed class BindCall(int descriptor, IPEndPoint? endPoint) : SocketCall
{
    public int Descriptor { get; } = descriptor;
    public IPEndPoint? EndPoint { get; } = endPoint;
}

/// <summary>listen(2).</summary>
internal sealed class ListenCall(int descriptor, int backlog) : SocketCall
{
    public int Descriptor { get; } = descriptor;
    public int Backlog { get; } = backlog;
}

/// <summary>accept(2), accept4(2).</summary>
internal sealed class AcceptCall(int descriptor, int newDescriptor, bool nonBlocking) : SocketCall
{
    public int Descriptor { get; } = descriptor;

    /// <summary>The number that the script gives the new socket.</summary>
    public int NewDescriptor { get; } = newDescriptor;
    public bool NonBlocking { get; } = nonBlocking;
    public IPEndPoint? Peer { get; set; }
}

/// <summary>connect(2); null stands for AF_UNSPEC, which disconnects.</summary>
internal sealed class ConnectCall(int descriptor, IPEndPoint? endPoint) : SocketCall
{
    public int Descriptor { get; } = descriptor;
    public IPEndPoint? EndPoint { get; } = endPoint;
    public bool HasStarted { get; set; }
}

/// <summary>write, writev, send, sendto, sendmsg.</summary>
internal sealed class SendCall(int descriptor, int length, MessageFlags flags) : SocketCall
{
    public int Descriptor { get; } = descriptor;

    /// <summary>Octets, all zero.</summary>
    public int Length { get; } = length;
    public MessageFlags Flags { get; } = flags;

    /// <summary>The destination of a sendto or sendmsg, or null.</summary>
    public IPEndPoint? Destination { get; init; }

    /// <summary>Octets taken so far by a call that blocks.</summary>
    public int Taken { get; set; }
}

/// <summary>read, readv, recv, recvfrom, recvmsg.</summary>
internal sealed class ReceiveCall(int descriptor, int length, MessageFlags flags) : SocketCall
{
    public int Descriptor { get; } = descriptor;
    public int Length { get; } = length;
    public MessageFlags Flags { get; } = flags;
    public byte[] Data { get; set; } = [];
    public IPEndPoint? Peer { get; set; }

    /// <summary><c>msg_flags</c> of recvmsg.</summary>
    public MessageFlags ReturnedFlags { get; set; }
}

/// <summary>MSG_*, with Linux's numbers.</summary>
[Flags]
internal enum MessageFlags
{
    None = 0,
    OutOfBand = 0x1,
    Peek = 0x2,
    DontRoute = 0x4,
    Truncate = 0x20,
    DontWait = 0x40,
    EndOfRecord = 0x80,
    WaitAll = 0x100,
    NoSignal = 0x4000,
    More = 0x8000,
    ErrorQueue = 0x2000,
    ZeroCopy = 0x4000000,
    FastOpen = 0x20000000,

    /// <summary>FreeBSD's MSG_EOF: FIN after the last octet.</summary>
    EndOfFile = 0x10000000,
}

/// <summary>close(2).</summary>
internal sealed class CloseCall(int descriptor) : SocketCall
{
    public int Descriptor { get; } = descriptor;
    public bool HasStarted { get; set; }
}

/// <summary>shutdown(2); SHUT_RD 0, SHUT_WR 1, SHUT_RDWR 2.</summary>
internal sealed class ShutdownCall(int descriptor, int how) : SocketCall
{
    public int Descriptor { get; } = descriptor;
    public int How { get; } = how;
}

/// <summary>fcntl(2): F_GETFL if <see cref="NonBlocking"/> is null, else F_SETFL.</summary>
internal sealed class FileControlCall(int descriptor, bool? nonBlocking) : SocketCall
{
    public int Descriptor { get; } = descriptor;
    public bool? NonBlocking { get; } = nonBlocking;
}

/// <summary>ioctl(2): <c>SIOCINQ</c> (FIONREAD), <c>SIOCOUTQ</c>, <c>SIOCOUTQNSD</c>, <c>SIOCATMARK</c> by name.</summary>
internal sealed class IoControlCall(int descriptor, string request) : SocketCall
{
    public int Descriptor { get; } = descriptor;
    public string Request { get; } = request;

    /// <summary>What it stored.</summary>
    public long Answer { get; set; }
}

/// <summary>poll(2).</summary>
internal sealed class PollCall(IReadOnlyList<PollEntry> entries, Duration? timeout) : SocketCall
{
    public IReadOnlyList<PollEntry> Entries { get; } = entries;

    /// <summary>Null waits for ever.</summary>
    public Duration? Timeout { get; } = timeout;
}

/// <summary>A pollfd; POLL* with Linux's numbers.</summary>
internal sealed class PollEntry(int descriptor, int events)
{
    public int Descriptor { get; } = descriptor;
    public int Events { get; } = events;
    public int Returned { get; set; }
}

/// <summary>getsockopt(2): level and name as the script has them (<c>SOL_TCP</c> and <c>IPPROTO_TCP</c> are one).</summary>
internal sealed class GetOptionCall(int descriptor, string level, string name) : SocketCall
{
    public int Descriptor { get; } = descriptor;
    public string Level { get; } = level;
    public string Name { get; } = name;

    /// <summary>The answer of an integer option, or of SO_LINGER's l_onoff.</summary>
    public long Answer { get; set; }

    /// <summary>SO_LINGER's l_linger, in seconds.</summary>
    public long Linger { get; set; }

    /// <summary>TCP_CONGESTION's.</summary>
    public string? Text { get; set; }

    /// <summary>TCP_INFO's: <c>tcpi_snd_cwnd</c> and so on, as the profile's kernel counts.</summary>
    public IReadOnlyDictionary<string, long>? Information { get; set; }
}

/// <summary>setsockopt(2).</summary>
internal sealed class SetOptionCall(int descriptor, string level, string name, long value) : SocketCall
{
    public int Descriptor { get; } = descriptor;
    public string Level { get; } = level;
    public string Name { get; } = name;

    /// <summary>An integer option's value, or SO_LINGER's l_onoff.</summary>
    public long Value { get; } = value;

    /// <summary>SO_LINGER's l_linger, in seconds.</summary>
    public long Linger { get; init; }

    /// <summary>TCP_CONGESTION's.</summary>
    public string? Text { get; init; }
}

/// <summary>getsockname(2), getpeername(2).</summary>
internal sealed class NameCall(int descriptor, bool ofPeer) : SocketCall
{
    public int Descriptor { get; } = descriptor;
    public bool OfPeer { get; } = ofPeer;
    public IPEndPoint? Answer { get; set; }
}
