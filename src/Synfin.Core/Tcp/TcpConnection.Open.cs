using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>How a control block begins (RFC 9293 3.10.1).</summary>
public sealed partial class TcpConnection
{
    /// <summary>Active OPEN: ISS is chosen, SYN will go out, SYN-SENT.</summary>
    internal void OpenActively(SequenceNumber iss)
    {
        StartSending(iss);
        SetState(TcpState.SynSent);
        Set(ConnectionFlags.SynPending);
        Duration? most = Options.OpenTimeout ?? (Profile.ConnectTimeout > Duration.Zero ? Profile.ConnectTimeout : null);
        if (most is { } limit) _deadlines.Lifetime = Now + limit;
        MakeReady();
    }

    /// <summary>A half-open entry becomes a connection; the segment that acknowledges our SYN,ACK is processed next.</summary>
    internal void OpenPassively(in SynEntry entry, bool timed)
    {
        StartSending(entry.Iss);
        Snd.Nxt = entry.Iss + 1;
        var peer = default(TcpOptions);
        peer.SetMaximumSegmentSize(entry.Mss);
        if (entry.WindowScale != SynEntry.NoWindowScale) peer.SetWindowScale(entry.WindowScale);
        if ((entry.Flags & SynEntryFlags.SackPermitted) != 0) peer.Present |= TcpOptionKinds.SackPermitted;
        if ((entry.Flags & SynEntryFlags.Timestamps) != 0) peer.SetTimestamps(entry.TsRecent, 0);
        Synchronize(entry.Irs, in peer);
        if ((entry.Flags & SynEntryFlags.Ecn) != 0) Set(ConnectionFlags.Ecn);
        Rcv.Edge = Rcv.Nxt + entry.RcvWnd;
        if (_linux is { } linux && Has(ConnectionFlags.Timestamps))
            linux.OfferLimit = ReceiveWindow.First(Options.ReceiveBuffer, Rcv.Mss - TcpOptions.TimestampsLength, Profile.WindowRule);
        Snd.Wnd = entry.SndWnd;
        Snd.MaxWnd = entry.SndWnd;
        Snd.Wl1 = entry.Irs;
        Snd.Wl2 = entry.Iss;
        _state = TcpState.SynReceived; // the observer heard of it when the entry was made
        if (timed)
        {
            Set(ConnectionFlags.Timing);
            _timedEnd = Snd.Nxt;
            _timedAt = entry.Deadline - Profile.InitialRto;
        }
        else if (entry.Retries > 0)
        {
            Set(ConnectionFlags.SynRetransmitted);
            // Timestamps may give a sample, of nothing that is older than the last SYN,ACK (RFC 7323 4.1).
            _timedAt = Timestamp.Min(Now, entry.Deadline - Profile.InitialRto * (1 << entry.Retries));
            _totalRetransmits = entry.Retries;
        }
    }

    private void StartSending(SequenceNumber iss)
    {
        Snd.Iss = iss;
        Snd.Una = iss;
        Snd.Nxt = iss;
        Snd.Up = iss;
        Snd.Sml = iss;
        Snd.PeerMss = Key.RemoteAddress.IsIpv4 ? NetworkStack.DefaultMssIpv4 : NetworkStack.DefaultMssIpv6;
        Rcv.Mss = _stack.ReceiveMss(Key.RemoteAddress, Options);
        _timedAt = Now;
        _progressAt = Now;
        ResetRecovery();
        UpdateSendMss();
        StartLinuxDetails();
    }

    private void StartLinuxDetails()
    {
        bool details = Profile.AcknowledgmentRule is AcknowledgmentRule.Linux || Profile.WindowRule is ReceiveWindowRule.Linux
            || Profile.PushRule is PushRule.EndOfWrite;
        if (!details) return;
        _linux = new LinuxDetails { OfferLimit = ReceiveWindow.First(Options.ReceiveBuffer, Rcv.Mss, Profile.WindowRule) };
        _linux.Acknowledgment.Start(Rcv.Mss, Snd.Mss, _linux.OfferLimit);
        _linux.Pushes.Start(Snd.Iss + 1);
        _linux.BurstStart = Snd.Iss + 1;
        _linux.BurstEnd = Snd.Iss + 1;
        _linux.AgainEnd = Snd.Iss;
    }

    /// <summary>There are pages again: who waits for room to send is told.</summary>
    internal void PagesAvailable()
    {
        if (_state is TcpState.Closed or TcpState.TimeWait || !Has(ConnectionFlags.WantsWritable)) return;
        Clear(ConnectionFlags.WantsWritable);
        Signal(TcpSignals.Writable);
    }
}
