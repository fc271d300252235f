using System;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Udp;

namespace Synfin.Drill.Sockets;

/// <summary>poll: tcp_poll(), udp_poll() and sopoll().</summary>
internal sealed partial class KernelSockets
{
    private const int PollIn = 0x1;
    private const int PollPriority = 0x2;
    private const int PollOut = 0x4;
    private const int PollError = 0x8;
    private const int PollHangUp = 0x10;
    private const int PollInvalid = 0x20;
    private const int PollReadNormal = 0x40;
    private const int PollReadBand = 0x80;
    private const int PollWriteNormal = 0x100;
    private const int PollReadHangUp = 0x2000;

    /// <summary>FreeBSD's sb_lowat of a send buffer (net.local aside), in octets.</summary>
    private const int SendLowWater = 2048;

    private SocketResult Poll(PollCall call, Timestamp now)
    {
        int ready = 0;
        foreach (PollEntry asked in call.Entries)
        {
            asked.Returned = Look(asked);
            if (asked.Returned != 0) ready++;
        }
        if (ready > 0) return new(ready);
        if (call.Timeout is not { } timeout) return SocketResult.Pending;
        Timestamp since = _waiting.TryGetValue(call, out Waiting waiting) ? waiting.Since : now;
        Timestamp until = since + timeout;
        if (now >= until) return new(0);
        _waiting[call] = new Waiting(since, until, null);
        return SocketResult.Pending;
    }

    private int Look(PollEntry asked)
    {
        if (asked.Descriptor < 0) return 0;
        if (!_table.TryGetValue(asked.Descriptor, out SocketEntry? entry)) return PollInvalid;
        int events = entry.IsStream
            ? IsLinux ? EventsOnLinux(entry) : EventsOnFreeBsd(entry)
            : EventsOfDatagrams(entry);
        return events & (asked.Events | PollError | PollHangUp);
    }

    private static int EventsOnLinux(SocketEntry entry)
    {
        if (entry.Listener is { } listener) return listener.AcceptQueueCount > 0 ? PollIn | PollReadNormal : 0;
        int events = 0;
        TcpState state = entry.State;
        if ((entry.ReceiveShut && entry.SendShut) || state is TcpState.Closed) events |= PollHangUp;
        if (entry.ReceiveShut) events |= PollIn | PollReadNormal | PollReadHangUp;
        if (!entry.IsOpening)
        {
            int target = LowWater(entry) + (entry.UrgentAt == entry.Read && entry.Connection is not null && !Inline(entry) ? 1 : 0);
            if (entry.Connection is { } connection && connection.Readable >= target) events |= PollIn | PollReadNormal;
            if (entry.SendShut || IsWriteable(entry)) events |= PollOut | PollWriteNormal;
            if (entry.UrgentIsHere) events |= PollPriority;
        }
        if (entry.Error is not null || entry.QueuedError is not null) events |= PollError;
        return events;
    }

    /// <summary>__sk_stream_is_writeable(): a third of the buffer is free, and TCP_NOTSENT_LOWAT allows it.</summary>
    private static bool IsWriteable(SocketEntry entry)
    {
        if (entry.Connection is not { } connection) return true;
        if (connection.SendSpace < connection.SendQueue / 2) return false;
        long limit = entry.Value("TCP_NOTSENT_LOWAT", 0);
        return limit <= 0 || UnsentOctets(connection) * 2L < limit; // wake: it wants to have fallen well below
    }

    private static int EventsOnFreeBsd(SocketEntry entry)
    {
        if (entry.Listener is { } listener) return listener.AcceptQueueCount > 0 ? PollIn | PollReadNormal : 0;
        int events = 0;
        int readable = entry.Connection?.Readable ?? 0;
        bool inBand = readable - (entry.UrgentAt == entry.Read && !Inline(entry) ? 1 : 0) >= LowWater(entry);
        if (inBand || entry.Error is not null || entry.ReceiveShut) events |= PollIn | PollReadNormal;
        bool room = entry.Connection is { } connection && IsConnectedOnFreeBsd(entry)
            && connection.SendSpace >= Math.Min(SendLowWater, connection.Options.SendBuffer);
        if (room || entry.SendShut || entry.Error is not null) events |= PollOut | PollWriteNormal;
        if (entry.UrgentAt >= entry.Read && entry.Connection is not null) events |= PollPriority | PollReadBand;
        if (entry.ReceiveShut) events |= PollReadHangUp;
        if (entry.ReceiveShut && entry.SendShut) events |= PollHangUp;
        return events;
    }

    private static int EventsOfDatagrams(SocketEntry entry)
    {
        int events = PollOut | PollWriteNormal;
        if (entry.ReceiveShut) events |= PollIn | PollReadNormal | PollReadHangUp;
        if (entry.ReceiveShut && entry.SendShut) events |= PollHangUp;
        if (entry.Peeked is not null || entry.Endpoint is { ReceiveQueueCount: > 0 }) events |= PollIn | PollReadNormal;
        else if (entry.Endpoint is UdpEndpoint { HasNews: true }) events |= PollError;
        if (entry.Error is not null) events |= PollError;
        return events;
    }
}
