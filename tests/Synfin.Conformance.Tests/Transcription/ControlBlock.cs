namespace Synfin.Conformance.Tests.Transcription;

/// <summary>The TCB (RFC 9293 3.3.1): the variables by their names, and the queues that 3.10 speaks of, as counts of octets.</summary>
public sealed class ControlBlock
{
    /// <summary>The state.</summary>
    public ConnectionState State;

    /// <summary>MUST-11: whether SYN-RECEIVED was reached by a passive OPEN, or by an active one.</summary>
    public bool PassiveOpen;

    /// <summary>Whether a LISTEN is there for this port (a new connection may come after TIME-WAIT).</summary>
    public bool Listens;

    /// <summary>SND.UNA.</summary>
    public uint SndUna;

    /// <summary>SND.NXT.</summary>
    public uint SndNxt;

    /// <summary>SND.WND.</summary>
    public uint SndWnd;

    /// <summary>SND.WL1.</summary>
    public uint SndWl1;

    /// <summary>SND.WL2.</summary>
    public uint SndWl2;

    /// <summary>ISS.</summary>
    public uint Iss;

    /// <summary>MAX.SND.WND (RFC 5961 5.2).</summary>
    public uint MaxSndWnd;

    /// <summary>RCV.NXT.</summary>
    public uint RcvNxt;

    /// <summary>RCV.WND.</summary>
    public uint RcvWnd;

    /// <summary>RCV.UP, as a sequence number.</summary>
    public uint RcvUp;

    /// <summary>IRS.</summary>
    public uint Irs;

    /// <summary>The first number that the user has not consumed.</summary>
    public uint Consumed;

    /// <summary>Octets moved into RECEIVE buffers and not yet taken.</summary>
    public int Received;

    /// <summary>Text with higher beginning sequence numbers, held for later (SHLD-31): disjoint, in order.</summary>
    public List<(uint Left, uint Right)> Held = [];

    /// <summary>The number of a FIN that is held for later.</summary>
    public uint? HeldFin;

    /// <summary>Octets SENT and not segmentized.</summary>
    public int Queued;

    /// <summary>Octets segmentized since the connection began.</summary>
    public int Segmentized;

    /// <summary>CLOSE was called: a FIN follows the text.</summary>
    public bool CloseQueued;

    /// <summary>The number of our FIN, once it was sent.</summary>
    public uint? Fin;

    /// <summary>The user called the CLOSE that MAY-1 describes: it will not read either.</summary>
    public bool UserIsGone;

    /// <summary>RFC 7323: whether both ends sent the Timestamps option in their SYNs.</summary>
    public bool Timestamps;

    /// <summary>TS.Recent (RFC 7323 4.3).</summary>
    public uint TsRecent;

    /// <summary>Last.ACK.sent (RFC 7323 4.3).</summary>
    public uint LastAckSent;

    /// <summary>"if the FIN segment is now acknowledged".</summary>
    public bool FinIsAcknowledged => Fin is { } fin && Modulo32.Less(fin, SndUna);

    /// <summary>Octets held for later.</summary>
    public int HeldOctets => Held.Sum(h => (int)(h.Right - h.Left));

    /// <summary>Octets that were sent and are not acknowledged, and those that were not sent.</summary>
    public int SendQueue
    {
        get
        {
            uint outstanding = SndNxt - SndUna;
            if (SndUna == Iss && outstanding > 0) outstanding--; // the SYN
            if (Fin is not null && outstanding > 0) outstanding--;
            return (int)outstanding + Queued;
        }
    }

    /// <summary>Another one with the same values.</summary>
    public ControlBlock Copy()
    {
        var copy = (ControlBlock)MemberwiseClone();
        copy.Held = Held.Count == 0 ? [] : [.. Held];
        return copy;
    }
}
