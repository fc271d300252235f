using Synfin.Conformance.Tests.Transcription;
using Synfin.Tcp;
using Synfin.Wire;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>What can be seen of the engine after an event, and how it compares with what the transcription says.</summary>
internal sealed class EngineView
{
    private readonly TcpStatus? _status;
    private readonly SendVariables _snd;
    private readonly uint _tsRecent;
    private readonly TcpError _error;
    private readonly uint _wl2;
    private readonly uint _una;
    private readonly uint _nxt;
    private readonly byte[] _text = [];
    private readonly int _read;

    public EngineView(Host host)
    {
        Replies = host.TakeSent();
        host.Accept();
        State = (ConnectionState)(int)host.Stack.StateOf(Host.Tuple);
        Urgent = (host.Signals & TcpSignals.Urgent) != 0;
        TimeWaitStarted = State is ConnectionState.TimeWait && host.Stack.NextDeadline == host.Now + host.Stack.Options.Profile.TimeWait;
        if (host.Connection is not { } connection) return;
        TcpStatus status = connection.Status();
        _status = status;
        _snd = connection.Snd;
        _tsRecent = connection.TimestampRecent;
        _error = connection.Error;
        _una = host.Ours(status.SndUna);
        _nxt = host.Ours(status.SndNxt);
        _wl2 = _snd.Wl2.Value == 0 ? 0 : host.Ours(_snd.Wl2); // of a SYN without ACK
        if (status.ReceiveQueue == 0 || status.State is TcpState.SynSent or TcpState.SynReceived) return;
        _text = new byte[status.ReceiveQueue];
        connection.Receive(_text, host.Now, out _read);
    }

    public List<Reply> Replies { get; }

    public ConnectionState State { get; }

    public bool Urgent { get; }

    public bool TimeWaitStarted { get; }

    /// <summary>What a user call returned, in the RFC's words; null if no call was made.</summary>
    public string? Returned { get; init; }

    /// <summary>The ISS of a SYN that was sent now, in the transcription's numbers.</summary>
    public uint? NewIss
    {
        get
        {
            foreach (Reply reply in Replies)
            {
                if ((reply.Bits & ControlBits.Syn) != 0) return reply.Seq;
            }
            return null;
        }
    }

    /// <summary>What differs, in words; empty if nothing does.</summary>
    public string Against(Outcome want)
    {
        var differences = default(Differences);
        ControlBlock tcb = want.Tcb;
        ConnectionState state = tcb.State is ConnectionState.Closed && tcb.Listens ? ConnectionState.Listen : tcb.State;
        differences.Compare("state", state, State);
        if (!want.Replies.SequenceEqual(Replies)) differences.Add($"sends {Words.Of(want.Replies)} vs. {Words.Of(Replies)}");
        if (state == State && state is ConnectionState.TimeWait && Returned is null)
            differences.Compare("2 MSL started", want.TimeWaitStarted, TimeWaitStarted);
        if (Returned is null) differences.Compare("error", ErrorOf(want), _error);
        else differences.Compare("returns", want.Error, Returned);
        differences.Compare("urgent", (want.Told & Told.UrgentData) != 0, Urgent);
        if (state == State && _status is { } status && status.State == (TcpState)(int)tcb.State) CompareTcb(tcb, status, ref differences);
        return differences.Words;
    }

    private void CompareTcb(ControlBlock tcb, in TcpStatus status, ref Differences differences)
    {
        if (tcb.State is ConnectionState.Closed or ConnectionState.Listen) return;
        if (tcb.State is not (ConnectionState.SynSent or ConnectionState.SynReceived)) CompareText(tcb, ref differences);
        if (tcb.State is ConnectionState.TimeWait) return;
        differences.Compare("SND.UNA", tcb.SndUna, _una);
        differences.Compare("SND.NXT", tcb.SndNxt, _nxt);
        differences.Compare("send queue", tcb.SendQueue, status.SendQueue);
        if (tcb.State is ConnectionState.SynSent) return;
        differences.Compare("SND.WND", tcb.SndWnd, (uint)status.SndWnd);
        differences.Compare("SND.WL1", tcb.SndWl1, _snd.Wl1.Value);
        differences.Compare("SND.WL2", tcb.SndWl2, _wl2);
        differences.Compare("MAX.SND.WND", tcb.MaxSndWnd, (uint)_snd.MaxWnd);
        differences.Compare("IRS", tcb.Irs, status.Irs.Value);
        differences.Compare("RCV.NXT", tcb.RcvNxt, status.RcvNxt.Value);
        differences.Compare("RCV.WND", tcb.RcvWnd, (uint)status.RcvWnd);
        differences.Compare("octets held", tcb.HeldOctets, status.OutOfOrder);
        differences.Compare("octets received", tcb.Received, status.ReceiveQueue);
        if (tcb.Timestamps) differences.Compare("TS.Recent", tcb.TsRecent, _tsRecent);
    }

    /// <summary>The text that can be read is what was sent, each octet at its number.</summary>
    private void CompareText(ControlBlock tcb, ref Differences differences)
    {
        if (tcb.UserIsGone) return;
        differences.Compare("octets read", tcb.Received, _read);
        for (int i = 0; i < _read; i++)
        {
            if (_text[i] == (byte)(tcb.Consumed + (uint)i)) continue;
            differences.Add($"octet {i} of the text is not the one at its number");
            return;
        }
    }

    private static TcpError ErrorOf(Outcome want)
    {
        if ((want.Told & Told.ConnectionReset) != 0) return TcpError.ConnectionReset;
        if ((want.Told & Told.ConnectionRefused) != 0) return TcpError.ConnectionRefused;
        if ((want.Told & Told.UserTimeout) != 0) return TcpError.TimedOut;
        return (want.Told & Told.DataLost) != 0 ? TcpError.Aborted : TcpError.None;
    }
}
