using System;
using System.Net;
using Synfin.Timers;
using Synfin.Udp;
using Synfin.Wire;

namespace Synfin.Drill.Sockets;

/// <summary>UDP sockets: udp_sendmsg(), udp_recvmsg() and what ICMP says of a peer.</summary>
internal sealed partial class KernelSockets
{
    private const int LargestDatagram = 65_535;

    private SocketResult BindDatagrams(SocketEntry entry, InternetAddress address, ushort port, Timestamp now)
    {
        TcpError error = _stack.BindUdp(address, port, now, out UdpEndpoint? endpoint);
        if (error is not TcpError.None) return SocketResult.Error(Errnos.Of(error, _kind)!);
        entry.Endpoint = endpoint;
        entry.BoundAddress = address;
        entry.BoundPort = endpoint!.LocalPort;
        entry.AddressLocked = !address.IsUnspecified;
        entry.PortLocked = port != 0;
        return new(0);
    }

    /// <summary>inet_autobind(): a socket that sends has a port.</summary>
    private string? BindIfNeeded(SocketEntry entry, Timestamp now) =>
        entry.Endpoint is null ? BindDatagrams(entry, entry.BoundAddress, 0, now).Errno : null;

    private SocketResult ConnectDatagrams(SocketEntry entry, ConnectCall call, Timestamp now)
    {
        if (call.EndPoint is not { } endPoint)
        {
            if (entry.Endpoint is not { IsConnected: true } connected) return new(0);
            connected.Close(now);
            entry.Endpoint = null;
            BindDatagrams(entry, entry.BoundAddress, entry.BoundPort, now);
            return new(0);
        }
        if (!TryRead(entry, endPoint, out InternetAddress remote)) return SocketResult.Error(Errnos.FamilyNotSupported);
        if (BindIfNeeded(entry, now) is { } unbound) return SocketResult.Error(unbound);
        TcpError error = entry.Endpoint!.Connect(remote, (ushort)endPoint.Port, now);
        if (error is TcpError.None) return new(0);
        return SocketResult.Error(error is TcpError.InvalidLocalAddress ? Errnos.NetworkUnreachable : Errnos.Of(error, _kind)!);
    }

    private SocketResult SendDatagram(SocketEntry entry, SendCall call, Timestamp now)
    {
        if (entry.SendShut) return SocketResult.Error(Errnos.Pipe);
        bool connected = entry.Endpoint is { IsConnected: true };
        if (call.Destination is null && !connected) return SocketResult.Error(IsLinux ? Errnos.DestinationRequired : Errnos.NotConnected);
        if (call.Destination is not null && connected && !IsLinux) return SocketResult.Error(Errnos.Connected);
        if (call.Length > UdpHeaderWriter.MaxData) return SocketResult.Error(Errnos.TooLong);
        if (BindIfNeeded(entry, now) is { } unbound) return SocketResult.Error(unbound);
        if (entry.TakeError() is { } earlier) return SocketResult.Error(earlier);
        UdpEndpoint endpoint = entry.Endpoint!;
        TcpError error;
        do
        {
            if (call.Destination is { } destination)
            {
                if (!TryRead(entry, destination, out InternetAddress remote)) return SocketResult.Error(Errnos.FamilyNotSupported);
                error = endpoint.Send(Zeros(call.Length), remote, (ushort)destination.Port, now);
            }
            else
            {
                error = endpoint.Send(Zeros(call.Length), now);
            }
        }
        while (IsPassing(error));
        return error switch
        {
            TcpError.None => new(call.Length),
            TcpError.WouldBlock => entry.NonBlocking ? SocketResult.Error(Errnos.Again) : SocketResult.Pending,
            TcpError.InvalidLocalAddress => SocketResult.Error(Errnos.NetworkUnreachable),
            TcpError.InvalidRemoteAddress => SocketResult.Error(call.Destination is { Port: 0 } ? Errnos.Invalid : Errnos.Access),
            _ => SocketResult.Error(Errnos.Of(error, _kind)!),
        };
    }

    /// <summary>udp_err() of Linux: unreachable hosts and networks are no errors of a socket without IP_RECVERR, only ports are.</summary>
    private bool IsPassing(TcpError error) => IsLinux && error is TcpError.HostUnreachable or TcpError.NetworkUnreachable;

    private SocketResult ReceiveDatagram(SocketEntry entry, ReceiveCall call, Timestamp now)
    {
        if (entry.TakeError() is { } earlier) return SocketResult.Error(earlier);
        bool peeks = (call.Flags & MessageFlags.Peek) != 0;
        bool blocks = !entry.NonBlocking && (call.Flags & MessageFlags.DontWait) == 0;
        if (entry.Peeked is null && entry.Endpoint is { } endpoint)
        {
            byte[] buffer = new byte[LargestDatagram];
            TcpError error;
            ReceivedDatagram datagram;
            do error = endpoint.Receive(buffer, now, out datagram);
            while (IsPassing(error));
            if (error is TcpError.None)
                entry.Peeked = (buffer.AsSpan(0, datagram.Count).ToArray(), datagram.RemoteAddress, datagram.RemotePort);
            else if (error is not TcpError.WouldBlock)
                return SocketResult.Error(Errnos.Of(error, _kind)!);
        }
        if (entry.Peeked is not { } next)
        {
            if (entry.ReceiveShut) return new(0);
            return blocks ? SocketResult.Pending : SocketResult.Error(Errnos.Again);
        }
        if (!peeks) entry.Peeked = null;
        int count = Math.Min(call.Length, next.Data.Length);
        call.Data = next.Data.AsSpan(0, count).ToArray();
        call.Peer = Show(entry, next.Address, next.Port);
        call.ReturnedFlags = count < next.Data.Length ? MessageFlags.Truncate : MessageFlags.None;
        return new((call.Flags & MessageFlags.Truncate) != 0 && IsLinux ? next.Data.Length : count);
    }

    private static SocketResult ShutdownDatagrams(SocketEntry entry, int how)
    {
        // Linux notes it in any case: whoever waits is woken.
        if (how != ShutSend) entry.ReceiveShut = true;
        if (how != ShutReceive) entry.SendShut = true;
        return entry.Endpoint is { IsConnected: true } ? new(0) : SocketResult.Error(Errnos.NotConnected);
    }

    private static IPEndPoint? PeerOfDatagrams(SocketEntry entry) => entry.Endpoint is { IsConnected: true } endpoint
        ? Show(entry, endpoint.RemoteAddress, endpoint.RemotePort)
        : null;
}
