using Synfin.Captures.Ladders;
using Synfin.Tcp;
using Synfin.Wire;
using static Synfin.Captures.Tests.Scene;

namespace Synfin.Captures.Tests;

public class FarEndInferenceTests
{
    private readonly FarEndInference _far = new();

    [Fact]
    public void A_SYN_into_the_void_proves_nothing()
    {
        _far.Offered(Segment(Syn, 100));
        Assert.Null(_far.State);
    }

    [Fact]
    public void A_server_is_in_SYN_RECEIVED_until_it_speaks_again()
    {
        _far.Offered(Segment(Syn, 100));
        Then(Sent(Syn | Ack, 300, 101), TcpState.SynReceived);
        _far.Offered(Segment(Ack, 101, 301));
        Assert.Equal(TcpState.SynReceived, _far.State);
        Then(Sent(Ack, 301, 106), TcpState.Established);
    }

    [Fact]
    public void A_client_opens_and_closes_passively()
    {
        Then(Sent(Syn, 300), TcpState.SynSent);
        _far.Offered(Segment(Syn | Ack, 100, 301));
        Then(Sent(Ack, 301, 101), TcpState.Established);
        _far.Offered(Segment(Fin | Ack, 101, 301));
        Assert.Equal(TcpState.Established, _far.State);
        Then(Sent(Ack, 301, 102), TcpState.CloseWait);
        Then(Sent(Fin | Ack, 301, 102), TcpState.LastAck);
        _far.Received(Segment(Ack, 102, 302));
        Assert.Equal(TcpState.Closed, _far.State);
    }

    [Fact]
    public void An_active_closer_is_followed_as_far_as_its_acknowledgments_go()
    {
        Open();
        Then(Sent(Fin | Ack, 301, 101), TcpState.FinWait1);
        _far.Offered(Segment(Ack, 101, 302, text: 5));
        Assert.Equal(TcpState.FinWait1, _far.State);
        Then(Sent(Ack, 302, 106), TcpState.FinWait2);
        _far.Offered(Segment(Fin | Ack, 106, 302));
        Then(Sent(Ack, 302, 107), TcpState.TimeWait);
    }

    [Fact]
    public void Crossing_FINs_lead_to_CLOSING()
    {
        Open();
        _far.Offered(Segment(Fin | Ack, 101, 301));
        Then(Sent(Fin | Ack, 301, 101), TcpState.FinWait1);
        Then(Sent(Ack, 302, 102), TcpState.Closing);
    }

    [Fact]
    public void Crossing_SYNs_pass_SYN_SENT_and_SYN_RECEIVED()
    {
        _far.Offered(Segment(Syn, 100));
        Then(Sent(Syn, 300), TcpState.SynSent);
        Then(Sent(Syn | Ack, 300, 101), TcpState.SynReceived);
    }

    [Fact]
    public void RST_is_CLOSED()
    {
        Open();
        Then(Sent(Rst, 301), TcpState.Closed);
    }

    [Fact, Trait("Rfc", "5961 3.2")]
    public void A_RST_that_the_far_end_outlives_was_not_believed()
    {
        Open();
        _far.Received(Segment(Rst, 150));
        Assert.Equal(TcpState.Closed, _far.State);
        Then(Sent(Ack, 301, 101), TcpState.Established);
    }

    [Fact]
    public void A_connection_seen_from_its_middle_on_is_ESTABLISHED() => Then(Sent(Psh | Ack, 5000, 7000), TcpState.Established);

    [Fact]
    public void A_FIN_that_arrives_before_the_text_below_it_is_not_seen_yet()
    {
        Open();
        _far.Received(Segment(Fin | Ack, 106, 301));
        Assert.Equal(TcpState.Established, _far.State);
        _far.Received(Segment(Ack, 101, 301, text: 5));
        _far.Received(Segment(Fin | Ack, 106, 301));
        Assert.Equal(TcpState.CloseWait, _far.State);
    }

    private void Open()
    {
        Sent(Syn, 300);
        _far.Received(Segment(Syn | Ack, 100, 301));
        Then(Sent(Ack, 301, 101), TcpState.Established);
    }

    private FarEndInference Sent(TcpFlags flags, uint seq, uint ack = 0)
    {
        _far.Sent(Segment(flags, seq, ack));
        return _far;
    }

    private static void Then(FarEndInference far, TcpState state) => Assert.Equal(state, far.State);

    private static LadderSegment Segment(TcpFlags flags, uint seq, uint ack = 0, int text = 0) => new()
    {
        Source = InternetAddress.FromIpv4(1),
        SourcePort = 1,
        Destination = InternetAddress.FromIpv4(2),
        DestinationPort = 2,
        Seq = new SequenceNumber(seq),
        Ack = new SequenceNumber(ack),
        Flags = flags,
        TextLength = text,
    };
}
