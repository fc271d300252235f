using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>
/// Answers to segments that are not acceptable. They are limited for each connection alone: a common counter is a side channel
/// (CVE-2016-5696), and without a limit two ends that disagree would answer each other for ever (ACK loops).
/// </summary>
public sealed partial class TcpConnection
{
    /// <summary>When the time began in which answers are counted.</summary>
    private Timestamp _lastAnswer;

    private byte _answers;

    /// <summary>RFC 5961 7: at most <see cref="TcpProfile.ChallengeAcks"/> in <see cref="TcpProfile.ChallengeAckInterval"/>.</summary>
    private void Challenge()
    {
        if (!MayAnswer()) return;
        _stack.Counters.ChallengeAcksSent++;
        AcknowledgeNow();
    }

    /// <summary>
    /// 3.10.7.4, first: "an acknowledgment should be sent in reply". A segment with text or a FIN is always answered, for its sender needs
    /// to know what arrived (and gets a DSACK); the others could be part of a loop.
    /// </summary>
    private void AnswerUnacceptable(in Segment seg)
    {
        bool unanswered = (seg.Len == 0 || seg.Has(TcpFlags.Syn)) && !JudgesAsFreeBsd;
        if (unanswered && !MayAnswer()) return;
        if (seg.Seq < Rcv.Nxt) BeQuickToAcknowledge();
        if (!unanswered && !seg.Text.IsEmpty && Has(ConnectionFlags.Sack) && seg.Seq < Rcv.Nxt)
            NoteDuplicate(seg.Seq, SequenceNumber.Min(seg.Seq + seg.Text.Length, Rcv.Nxt));
        AcknowledgeNow();
    }

    private bool MayAnswer()
    {
        if (Profile.ChallengeAcks == 0) return true;
        if (Now - _lastAnswer >= Profile.ChallengeAckInterval)
        {
            _lastAnswer = Now;
            _answers = 0;
        }
        if (_answers >= Profile.ChallengeAcks)
        {
            _stack.Counters.AnswersSuppressed++;
            return false;
        }
        _answers++;
        return true;
    }
}
