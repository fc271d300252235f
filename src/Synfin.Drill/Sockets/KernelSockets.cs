using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Net;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Drill.Sockets;

/// <summary>
/// The socket layer of a kernel over the engine: states, calls and errnos as Linux or FreeBSD has them. One process, its descriptors and
/// what its closed sockets still do.
/// </summary>
internal sealed partial class KernelSockets : ISockets
{
    /// <summary>Standard input, output and error have the first three.</summary>
    private const int FirstDescriptor = 3;

    private readonly NetworkStack _stack;
    private readonly KernelKind _kind;
    private readonly KernelSettings _settings;
    private readonly SortedDictionary<int, SocketEntry> _table = [];

    /// <summary>Closed sockets whose connections live on: they hold their ports.</summary>
    private readonly List<SocketEntry> _left = [];

    /// <summary>Calls that block: since when, and until when if they end by themselves.</summary>
    private readonly Dictionary<SocketCall, Waiting> _waiting = new(ReferenceEqualityComparer.Instance);

    public KernelSockets(NetworkStack stack, KernelKind kind, KernelSettings? settings = null)
    {
        _stack = stack;
        _kind = kind;
        _settings = settings ?? KernelSettings.Of(kind);
    }

    private bool IsLinux => _kind is KernelKind.Linux;

    /// <summary>When a call that blocks ends though nothing happens on the network: a poll's or a lingering close's time is over.</summary>
    public Timestamp NextDeadline
    {
        get
        {
            Timestamp earliest = Timestamp.Never;
            foreach (Waiting waiting in _waiting.Values) earliest = Timestamp.Min(earliest, waiting.Until);
            return earliest;
        }
    }

    /// <summary>
    /// To be called after each step of the engine, before it sends again: an OPEN that ICMP ended, text that nobody wants any more.
    /// <see cref="Invoke"/> does it, too.
    /// </summary>
    public void AfterStep(Timestamp now)
    {
        foreach (SocketEntry entry in _table.Values)
        {
            entry.Refresh(now);
            if (entry.ReadingShut && !IsLinux) Drain(entry, now); // SBS_CANTRCVMORE: tcp_input() frees what comes
        }
        for (int i = _left.Count - 1; i >= 0; i--)
        {
            if (_left[i].Connection is not { } connection || connection.State is TcpState.Closed) _left.RemoveAt(i);
        }
    }

    public SocketResult Invoke(SocketCall call, Timestamp now)
    {
        AfterStep(now);
        SocketResult result = call switch
        {
            SocketOpenCall open => Open(open),
            PollCall poll => Poll(poll, now),
            CloseCall close => Close(close, now),
            BindCall bind => OnSocket(bind.Descriptor, entry => Bind(entry, bind, now)),
            ListenCall listen => OnSocket(listen.Descriptor, entry => Listen(entry, listen, now)),
            AcceptCall accept => OnSocket(accept.Descriptor, entry => Accept(entry, accept, now)),
            ConnectCall connect => OnSocket(connect.Descriptor, entry => Connect(entry, connect, now)),
            SendCall send => OnSocket(send.Descriptor, entry => Send(entry, send, now)),
            ReceiveCall receive => OnSocket(receive.Descriptor, entry => Receive(entry, receive, now)),
            ShutdownCall shutdown => OnSocket(shutdown.Descriptor, entry => Shutdown(entry, shutdown, now)),
            FileControlCall control => OnSocket(control.Descriptor, entry => FileControl(entry, control)),
            IoControlCall control => OnSocket(control.Descriptor, entry => IoControl(entry, control)),
            GetOptionCall option => OnSocket(option.Descriptor, entry => GetOption(entry, option, now)),
            SetOptionCall option => OnSocket(option.Descriptor, entry => SetOption(entry, option, now)),
            NameCall name => OnSocket(name.Descriptor, entry => Name(entry, name)),
            _ => throw new UnreachableException(),
        };
        if (!result.IsPending) _waiting.Remove(call);
        else if (!_waiting.ContainsKey(call)) _waiting.Add(call, new Waiting(now, Timestamp.Never, null));
        return result;
    }

    private SocketResult OnSocket(int descriptor, Func<SocketEntry, SocketResult> call) =>
        _table.TryGetValue(descriptor, out SocketEntry? entry) ? call(entry) : SocketResult.Error(Errnos.BadDescriptor);

    /// <summary>The number that the script wants, or the lowest free one if it wants none or that one is open.</summary>
    private int Install(int wanted, SocketEntry entry)
    {
        int descriptor = wanted >= 0 && !_table.ContainsKey(wanted) ? wanted : FirstDescriptor;
        while (_table.ContainsKey(descriptor)) descriptor++;
        _table.Add(descriptor, entry);
        return descriptor;
    }

    /// <summary>An address as the engine has it. False if the socket's family has no such address.</summary>
    private static bool TryRead(SocketEntry entry, IPEndPoint endPoint, out InternetAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        endPoint.Address.TryWriteBytes(octets, out int written);
        address = InternetAddress.FromBytes(octets[..written]);
        return entry.Ipv6 || written == 4;
    }

    /// <summary>An address as the socket's family shows it: IPv4 is mapped in an IPv6 socket (RFC 4291 2.5.5.2).</summary>
    private static IPEndPoint Show(SocketEntry entry, InternetAddress address, ushort port)
    {
        Span<byte> octets = stackalloc byte[16];
        var shown = new IPAddress(octets[..address.WriteTo(octets)]);
        return new IPEndPoint(entry.Ipv6 && address.IsIpv4 ? shown.MapToIPv6() : shown, port);
    }

    /// <param name="Since">When it was asked first.</param>
    /// <param name="Until">When it ends by itself.</param>
    /// <param name="Entry">The socket of a close, which has left the table.</param>
    private readonly record struct Waiting(Timestamp Since, Timestamp Until, SocketEntry? Entry);
}
