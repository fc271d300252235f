using Synfin.Tcp;
using Synfin.Wire;

namespace Synfin.Captures.Ladders;

/// <summary>
/// Concludes the state of an end that cannot be asked (RFC 9293 3.3.2), as far as the segments prove it: what it sent shows what it did;
/// what was sent to it counts only once it is known to have arrived, from its own acknowledgments if by nothing else. So after our last
/// ACK the far end stays in LAST-ACK here: nobody told us more.
/// </summary>
public sealed class FarEndInference
{
    private readonly List<LadderSegment> _unconfirmed = [];
    private bool _sentSyn;
    private bool _synAcked;
    private bool _gotSyn;
    private bool _sentFin;
    private bool _finAcked;
    private bool _gotFin;
    private bool _finWasFirst;
    private bool _reset;
    private SequenceNumber _synEnd;
    private SequenceNumber _finEnd;
    private SequenceNumber? _peerFinEnd;
    private SequenceNumber? _rcvNxt;

    /// <summary>The state; null while there is no evidence.</summary>
    public TcpState? State
    {
        get
        {
            if (_reset) return TcpState.Closed;
            if (!_sentSyn) return null;
            if (!_gotSyn) return TcpState.SynSent;
            if (!_synAcked) return TcpState.SynReceived;
            return (_sentFin, _gotFin) switch
            {
                (false, false) => TcpState.Established,
                (false, true) => TcpState.CloseWait,
                (true, false) => _finAcked ? TcpState.FinWait2 : TcpState.FinWait1,
                (true, true) when _finWasFirst => _finAcked ? TcpState.TimeWait : TcpState.Closing,
                (true, true) => _finAcked ? TcpState.Closed : TcpState.LastAck,
            };
        }
    }

    /// <summary>The far end sent this.</summary>
    public void Sent(LadderSegment segment)
    {
        if (segment.Has(TcpFlags.Rst))
        {
            _reset = true;
            return;
        }
        // An end that goes on talking was not reset after all (RFC 5961).
        _reset = false;
        if (segment.Has(TcpFlags.Syn))
        {
            _sentSyn = true;
            _synEnd = segment.Seq + 1;
        }
        if (segment.Has(TcpFlags.Ack))
        {
            _gotSyn = true;
            Confirm(segment.Ack);
            if (!segment.Has(TcpFlags.Syn)) _sentSyn = _synAcked = true;
            if (_peerFinEnd is { } end && segment.Ack >= end) _gotFin = true;
        }
        if (segment.Has(TcpFlags.Fin) && !_sentFin)
        {
            _sentFin = true;
            _finWasFirst = !_gotFin;
            _finEnd = segment.End;
        }
    }

    /// <summary>This was sent to the far end; whether it arrived is not known yet.</summary>
    public void Offered(LadderSegment segment)
    {
        if (segment.Len > 0) _unconfirmed.Add(segment);
    }

    /// <summary>The far end is known to have received this.</summary>
    public void Received(LadderSegment segment)
    {
        if (segment.Has(TcpFlags.Rst))
        {
            _reset = _sentSyn;
            return;
        }
        if (segment.Has(TcpFlags.Syn))
        {
            _gotSyn = true;
            _rcvNxt ??= segment.Seq;
        }
        if (segment.Has(TcpFlags.Ack))
        {
            if (_sentSyn && segment.Ack >= _synEnd) _synAcked = true;
            if (_sentFin && segment.Ack >= _finEnd) _finAcked = true;
        }
        _rcvNxt ??= segment.Seq;
        if (segment.Seq <= _rcvNxt && segment.End > _rcvNxt) _rcvNxt = segment.End;
        if (segment.Has(TcpFlags.Fin)) _peerFinEnd = segment.End;
        if (_peerFinEnd is { } end && _rcvNxt >= end) _gotFin = true;
    }

    private void Confirm(SequenceNumber ack)
    {
        for (int i = 0; i < _unconfirmed.Count;)
        {
            LadderSegment segment = _unconfirmed[i];
            if (segment.End > ack)
            {
                i++;
                continue;
            }
            _unconfirmed.RemoveAt(i);
            Received(segment);
        }
    }
}
