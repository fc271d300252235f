using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Proof;

/// <summary>What is seen of an end, and what must hold of it.</summary>
internal sealed partial class End : ITcpObserver
{
    private bool _reusing;

    /// <summary>"a" or "b".</summary>
    public string Name => Index == 0 ? "a" : "b";

    /// <summary>A SYN arrives, or the application opens: what is in TIME-WAIT may make room.</summary>
    public void MayReuse(bool may) => _reusing = may;

    /// <summary>A segment leaves: an incarnation begins with its SYN, and is over for the sender with its FIN.</summary>
    private void NoteSent(byte[] packet)
    {
        Segment seg = default;
        Packets.Read(packet, ref seg);
        if (seg.Has(TcpFlags.Rst)) return;
        if (seg.Has(TcpFlags.Syn))
        {
            Life opening = LifeOf(seg.Seq) ?? Begin(seg.Seq);
            if (seg.Has(TcpFlags.Ack)) opening.Irs = seg.Ack - 1;
            return;
        }
        Life? life = LifeAt(seg.Seq);
        if (life is not null && life == Current && Connection!.ProtocolState is not TcpState.SynSent) life.Irs = Connection.Rcv.Irs;
        if (life?.Irs is not { } irs || Other.LifeOf(irs) is not { } peer) return;
        if (seg.Has(TcpFlags.Fin)) life.Fin ??= seg.End - 1;
        if (life == Current && seg.Has(TcpFlags.Ack)) CheckAcknowledgment(life, peer, seg.Ack);
    }

    private void CheckAcknowledgment(Life life, Life peer, SequenceNumber ack)
    {
        int received = life.Read + (life.EndRead ? 0 : Connection!.Readable);
        bool fin = Connection!.EndOfStream || (Connection.Flags & ConnectionFlags.FinReceived) != 0;
        int acknowledged = ack - peer.Iss - 1;
        if (acknowledged > received + (fin ? 1 : 0))
            _world.Report(Properties.Acknowledgment, $"{Name} acknowledges {acknowledged} numbers and has {received} octets");
        if (peer.Fin is { } sent && ack > sent && !life.Left && received != peer.Written)
            _world.Report(Properties.Acknowledgment, $"{Name} acknowledges the FIN and has {received} of {peer.Written} octets before it");
    }

    private void CheckOctets(Life life, ReadOnlySpan<byte> octets)
    {
        Life? peer = life.Irs is { } irs ? Other.LifeOf(irs) : null;
        for (int i = 0; i < octets.Length; i++)
        {
            int position = life.Read + i;
            if (peer is null || position >= peer.Written || octets[i] != Other.Octet(peer, position))
            {
                _world.Report(Properties.Stream, $"{Name} is given octet {position}, which the peer never sent there in this connection");
                return;
            }
        }
    }

    private void CheckEnd(Life life)
    {
        Life? peer = life.Irs is { } irs ? Other.LifeOf(irs) : null;
        if (peer is not { FinQueued: true } || life.Read != peer.Written)
            _world.Report(Properties.Stream, $"{Name} is told the end of the stream after {life.Read} octets, before the peer's");
    }

    /// <summary>After a turn: what the two ends are to each other now.</summary>
    private void Look()
    {
        if (EngineState.ConnectionOf(this) is { ProtocolState: not (TcpState.Closed or TcpState.SynSent) } connection
            && LifeOf(connection.Snd.Iss) is { } life)
        {
            life.Irs = connection.Rcv.Irs;
            if (connection.ProtocolState is not TcpState.SynReceived) CheckOpening(connection, life);
        }
        if (Connection is { } mine && (mine.ProtocolState is TcpState.Closed or TcpState.TimeWait || Current!.Left))
            Step = Program.NextOpen(Step);
        if (Current is { TimeWaitSince: not null, TimeWaitOver: false } && Stack.TimeWaitCount == 0)
            _world.Report(Properties.TimeWait, $"{Name} enters TIME-WAIT, and nothing of it is kept");
        Stack.CheckInvariants();
    }

    private void CheckOpening(TcpConnection connection, Life life)
    {
        Life? peer = Other.LifeOf(connection.Rcv.Irs);
        if (!life.Established && peer?.Irs != life.Iss)
            _world.Report(Properties.Opening, $"{Name} is {connection.ProtocolState.ToRfcName()} with numbers that the peer does not have");
        life.Established = true;
        if (connection.ProtocolState is TcpState.Established
            && EngineState.ConnectionOf(Other) is { ProtocolState: TcpState.Established } theirs
            && (theirs.Snd.Iss != connection.Rcv.Irs || theirs.Rcv.Irs != connection.Snd.Iss))
        {
            _world.Report(Properties.Agreement, "both ends are ESTABLISHED, with different numbers");
        }
    }

    /// <inheritdoc/>
    void ITcpObserver.StateChanged(in StateEvent e)
    {
        _world.Recorder?.StateChanged(Name, in e);
        if (e.Tuple.RemotePort == 0) return;
        if (!StateDiagram.Allows(e.From, e.To))
            _world.Report(Properties.StateDiagram, $"{Name} goes from {e.From.ToRfcName()} to {e.To.ToRfcName()}");
        if (e.To is TcpState.Closed or TcpState.Listen) _world.NoteEnd();
        if (Lives.Count == 0 || Current is not { } life || e.From is TcpState.Listen || e.To is TcpState.Listen) return;
        if (e.To is TcpState.TimeWait)
        {
            life.TimeWaitSince = e.Time;
            if (life.ClosedSecond) _world.Report(Properties.TimeWait, $"{Name} closed after its peer and enters TIME-WAIT");
        }
        else if (e.To is TcpState.Closed)
        {
            life.Ended ??= e.From is TcpState.TimeWait ? CloseReason.LocalClose : e.Reason; // TIME-WAIT has a property of its own
            if (e.From is TcpState.TimeWait) TimeWaitEnds(life, in e);
            else if (IsOrderly(e.Reason) && e.From is TcpState.FinWait1 or TcpState.FinWait2 or TcpState.Closing && !life.Disturbed)
                _world.Report(Properties.TimeWait, $"{Name} closed first, or when its peer did, and enters no TIME-WAIT");
            else if (e.From is TcpState.LastAck && IsOrderly(e.Reason) && !life.ClosedSecond)
                _world.Report(Properties.TimeWait, $"{Name} closed before it had its peer's FIN and enters no TIME-WAIT");
        }
    }

    private void TimeWaitEnds(Life life, in StateEvent e)
    {
        life.TimeWaitOver = true;
        bool reset = e.Reason is CloseReason.RemoteReset;
        if (e.Reason is CloseReason.LocalAbort || _reusing || (reset && !Stack.Options.Profile.IgnoreResetInTimeWait)) return;
        Duration waited = e.Time - life.TimeWaitSince!.Value;
        if (waited < Stack.Options.Profile.TimeWait)
            _world.Report(Properties.TimeWait, $"{Name} waits {waited} in TIME-WAIT, and not 2MSL");
        else if (_world.HasFlightOf(this, life))
            _world.Report(Properties.TimeWait, $"{Name} leaves TIME-WAIT, and segments of the connection are still under way");
    }

    private static bool IsOrderly(CloseReason reason) =>
        reason is CloseReason.None or CloseReason.LocalClose or CloseReason.RemoteClose or CloseReason.SimultaneousClose;

    /// <inheritdoc/>
    void ITcpObserver.TimerFired(in TimerEvent e)
    {
        _world.Recorder?.TimerFired(Name, in e);
        if (e.Kind is TcpTimerKind.FinWait2 && Current is { } life) Disturb(life); // its peer's application took a minute
    }

    /// <inheritdoc/>
    void ITcpObserver.UserCalled(in UserCallEvent e) => _world.Recorder?.UserCalled(Name, in e);

    /// <inheritdoc/>
    void ITcpObserver.SegmentSent(in SegmentEvent e)
    {
    }

    /// <inheritdoc/>
    void ITcpObserver.SegmentReceived(in SegmentEvent e)
    {
    }

    /// <inheritdoc/>
    void ITcpObserver.SegmentDropped(in SegmentEvent e, DropReason reason)
    {
        _world.Recorder?.SegmentDropped(Name, in e, reason);
        bool refused = reason is DropReason.NoConnection && (e.Flags & (TcpFlags.Syn | TcpFlags.Ack)) == TcpFlags.Syn;
        if (refused && Other.LifeOf(e.Seq) is { } peer) peer.Disturbed = true; // nobody has opened here yet
    }

    /// <summary>At the end of a run: whether each incarnation that nobody disturbed ended in order.</summary>
    public void CheckGrace()
    {
        // FreeBSD's syncache resets and forgets what is half open on a bad ACK: then anybody may disturb.
        if (Stack.Options.Profile.InputRule is InputRule.FreeBsd) return;
        foreach (Life life in Lives)
        {
            if (life.Disturbed || (Program.Listens && !life.Established)) continue;
            Life? peer = life.Irs is { } irs ? Other.LifeOf(irs) : null;
            string? problem = peer is null || !life.Established ? "was never opened"
                : life.Ended is not { } reason || !IsOrderly(reason) ? $"ended by {life.Ended}"
                : !life.Left && !life.EndRead ? "was not told the end of the stream"
                : life.Read != peer.Written ? $"read {life.Read} of {peer.Written} octets"
                : null;
            if (problem is not null) _world.Report(Properties.Grace, $"{Name}'s connection {life.Number + 1} {problem}");
        }
    }
}
