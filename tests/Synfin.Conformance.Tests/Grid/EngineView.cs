using Synfin.Conformance.Tests.Transcription;
using Synfin.Tcp;
using Synfin.Timers;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>What can be seen of the engine after an event, and how it compares with what the transcription says.</summary>
internal sealed class EngineView
{
    private readonly Host _host;
    private readonly byte[] _text = new byte[2_048];

    public EngineView(Host host)
    {
        _host = host;
        Replies = host.TakeSent();
        host.Accept();
        State = (ConnectionState)(int)host.Stack.StateOf(host.Tuple);
        TcpSignals signals = host.Signals;
        Urgent = (signals & TcpSignals.Urgent) != 0;
        TimeWaitStarted = State is ConnectionState.TimeWait && host.Stack.NextDeadline == host.Now + host.Stack.Options.Profile.TimeWait;
    }

    public List<Reply> Replies { get; }

    public ConnectionState State { get; }

    public bool Urgent { get; }

    public bool TimeWaitStarted { get; }

    public TcpError Error => _host.Connection?.Error ?? TcpError.None;

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
        var differences = new List<string>();
        void Compare<T>(string what, T rfc, T synfin)
        {
            if (!EqualityComparer<T>.Default.Equals(rfc, synfin)) differences.Add($"{what} {rfc} vs. {synfin}");
        }
        ControlBlock tcb = want.Tcb;
        ConnectionState state = tcb.State is ConnectionState.Closed && tcb.Listens ? ConnectionState.Listen : tcb.State;
        Compare("state", state, State);
        if (!want.Replies.SequenceEqual(Replies))
            differences.Add($"sends {Words.Of(want.Replies)} vs. {Words.Of(Replies)}");
        if (state == State && state is ConnectionState.TimeWait) Compare("2 MSL started", want.TimeWaitStarted, TimeWaitStarted);
        Compare("error", ErrorOf(want), Error);
        Compare("urgent", (want.Told & Told.UrgentData) != 0, Urgent);
        if (state == State && _host.Connection is { } connection && connection.State == (TcpState)(int)tcb.State) CompareTcb(tcb, connection, Compare);
        return string.Join("; ", differences);
    }

    private void CompareTcb(ControlBlock tcb, TcpConnection connection, Action<string, object, object> compare)
    {
        TcpStatus status = connection.Status();
        bool open = tcb.State is not (ConnectionState.Closed or ConnectionState.Listen or ConnectionState.TimeWait);
        if (open)
        {
            compare("SND.UNA", tcb.SndUna, _host.Ours(status.SndUna));
            compare("SND.NXT", tcb.SndNxt, _host.Ours(status.SndNxt));
            compare("send queue", tcb.SendQueue, status.SendQueue);
        }
        if (!open || tcb.State is ConnectionState.SynSent) return;
        compare("SND.WND", tcb.SndWnd, (uint)status.SndWnd);
        compare("SND.WL1", tcb.SndWl1, connection.Snd.Wl1.Value);
        compare("MAX.SND.WND", tcb.MaxSndWnd, (uint)connection.Snd.MaxWnd);
        compare("IRS", tcb.Irs, status.Irs.Value);
        compare("RCV.NXT", tcb.RcvNxt, status.RcvNxt.Value);
        compare("RCV.WND", tcb.RcvWnd, (uint)status.RcvWnd);
        compare("octets held", tcb.HeldOctets, status.OutOfOrder);
        compare("octets received", tcb.Received, status.ReceiveQueue);
        if (tcb.Timestamps) compare("TS.Recent", tcb.TsRecent, connection.TimestampRecent);
    }

    /// <summary>The text that can be read is what was sent, each octet at its number; so many octets.</summary>
    public string ReadAll(Outcome want)
    {
        if (_host.Connection is not { } connection) return "";
        if (connection.State is TcpState.SynSent or TcpState.SynReceived or TcpState.Closed) return "";
        if (want.Tcb.UserIsGone || connection.State != (TcpState)(int)want.Tcb.State) return "";
        uint first = want.Tcb.Consumed;
        TcpError error = connection.Receive(_text, _host.Now, out int read);
        if (read != want.Tcb.Received) return $"reads {want.Tcb.Received} vs. {read}, {error}";
        for (int i = 0; i < read; i++)
        {
            if (_text[i] != (byte)(first + (uint)i)) return $"octet {i} of the text is {_text[i]} instead of {(byte)(first + (uint)i)}";
        }
        return "";
    }

    private static TcpError ErrorOf(Outcome want)
    {
        if ((want.Told & Told.ConnectionReset) != 0) return TcpError.ConnectionReset;
        if ((want.Told & Told.ConnectionRefused) != 0) return TcpError.ConnectionRefused;
        if ((want.Told & Told.UserTimeout) != 0) return TcpError.TimedOut;
        return (want.Told & Told.DataLost) != 0 ? TcpError.Aborted : TcpError.None;
    }
}
