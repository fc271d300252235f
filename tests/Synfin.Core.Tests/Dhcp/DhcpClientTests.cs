using Synfin.Dhcp;
using Synfin.Ip;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Dhcp;

/// <summary>How a client gets an address, keeps it and gives it up (RFC 2131 3, 4.4), as time lines.</summary>
[Trait("Rfc", "2131 4.4")]
public sealed class DhcpClientTests
{
    [Fact]
    [Trait("Rfc", "2131 3.1")]
    public void Discover_offer_request_acknowledgment()
    {
        DhcpTimeLine line = new();
        line.RunTo(0);
        DhcpSent discover = line.Sends(DhcpMessageType.Discover);
        Assert.Equal(("255.255.255.255", true), (discover.Destination, discover.Broadcast));
        Assert.Equal(("0.0.0.0", 0), (discover.ClientAddress, discover.Seconds));
        Assert.True(line.Receives(DhcpReply.Usual(DhcpMessageType.Offer, discover.TransactionId)));
        DhcpSent request = line.Sends(DhcpMessageType.Request);
        Assert.Equal(("255.255.255.255", true, "0.0.0.0"), (request.Destination, request.Broadcast, request.ClientAddress));
        Assert.Equal(("10.0.0.50", "10.0.0.1"), (request.Requested, request.Server));
        Assert.Equal(discover.TransactionId, request.TransactionId); // RFC 2131 4.4.1
        Assert.Null(line.Client.Lease);
        Assert.True(line.Receives(DhcpReply.Usual(DhcpMessageType.Ack, request.TransactionId)));
        DhcpLease lease = line.Client.Lease!;
        Assert.Equal((DhcpState.Bound, 1), (line.Client.State, line.Client.Version));
        Assert.Equal(AddressPrefix.Parse("10.0.0.50/24"), lease.Address);
        Assert.Equal([InternetAddress.Parse("10.0.0.2"), InternetAddress.Parse("10.0.0.3")], lease.DnsServers);
        Assert.Equal([new DhcpRoute(AddressPrefix.DefaultIpv4, InternetAddress.Parse("10.0.0.1"))], lease.Routes);
        Assert.Equal(3_600, lease.Expires.Seconds);
        Assert.False(line.Client.HasMessage);
    }

    [Fact]
    [Trait("Rfc", "4361 6.1")]
    public void A_message_says_who_asks_and_for_what()
    {
        DhcpTimeLine line = new(new DhcpClientOptions { HardwareAddress = DhcpReply.Mac, InterfaceId = 7, HostName = "box" });
        line.RunTo(0);
        DhcpSent discover = line.Sends(DhcpMessageType.Discover);
        Assert.Equal([255, 0, 0, 0, 7, 0, 3, 0, 1, 2, 0, 0, 0, 0, 42], discover.Option(DhcpOption.ClientId));
        Assert.Equal("box"u8.ToArray(), discover.Option(DhcpOption.HostName));
        Assert.Equal([1, 121, 3, 6, 12, 15, 26, 51, 54, 58, 59, 119], discover.Option(DhcpOption.ParameterRequestList));
        Assert.Equal(DhcpReply.Mac, discover.Octets[28..34]);
        Assert.Equal(300, discover.Octets.Length);
    }

    [Fact]
    [Trait("Rfc", "2131 4.1")]
    public void A_discover_without_answer_comes_again_after_4_8_16_32_64_64_seconds_more_or_less()
    {
        HashSet<double> first = [];
        for (ulong seed = 0; seed < 20; seed++)
        {
            DhcpTimeLine line = new(seed: seed);
            line.RunTo(300);
            double[] at = [.. line.Sent.Select(sent => sent.At)];
            double[] expected = [4, 8, 16, 32, 64, 64];
            for (int i = 0; i < expected.Length; i++) Assert.InRange(at[i + 1] - at[i], expected[i] - 1, expected[i] + 1);
            Assert.All(line.Sent, sent => Assert.Equal((DhcpMessageType.Discover, (int)sent.At), (sent.Type, sent.Seconds)));
            first.Add(at[1]);
        }
        Assert.Equal(20, first.Count); // by chance, not in step
    }

    [Fact]
    [Trait("Rfc", "2131 3.1")]
    public void A_request_without_answer_is_sent_four_times_and_then_all_begins_anew()
    {
        DhcpTimeLine line = new();
        line.RunTo(0);
        uint first = line.Sends(DhcpMessageType.Discover).TransactionId;
        line.Receives(DhcpReply.Usual(DhcpMessageType.Offer, first));
        line.RunTo(62);
        DhcpMessageType r = DhcpMessageType.Request;
        Assert.Equal([r, r, r, r, DhcpMessageType.Discover], line.Sent.Take(5).Select(sent => sent.Type));
        Assert.NotEqual(first, line.Sent[4].TransactionId);
        Assert.False(line.Receives(DhcpReply.Usual(DhcpMessageType.Ack, first))); // too late
    }

    [Fact]
    public void What_is_not_for_us_or_not_of_use_now_is_ignored()
    {
        DhcpTimeLine line = new();
        line.RunTo(0);
        uint xid = line.Sends(DhcpMessageType.Discover).TransactionId;
        Assert.False(line.Receives(DhcpReply.Usual(DhcpMessageType.Offer, xid + 1)));
        Assert.False(line.Receives(new DhcpReply(DhcpMessageType.Offer, xid))); // no server, no lease time
        DhcpReply ours() => DhcpReply.Usual(DhcpMessageType.Offer, xid);
        foreach (string bad in new[] { "0.0.0.0", "127.0.0.1", "224.0.0.1", "255.255.255.255", "0.1.2.3" })
        {
            DhcpReply offer = ours();
            offer.YourAddress = bad;
            Assert.False(line.Receives(offer));
        }
        DhcpReply other = ours();
        other.Hardware = [2, 0, 0, 0, 0, 1];
        Assert.False(line.Receives(other));
        DhcpReply request = ours();
        request.Operation = 1;
        Assert.False(line.Receives(request));
        Assert.False(line.Receives(DhcpReply.Usual(DhcpMessageType.Ack, xid)));
        Assert.False(line.Receives(DhcpReply.Usual(DhcpMessageType.Nak, xid)));
        Assert.False(line.Receives(DhcpReply.Usual(DhcpMessageType.Offer, xid, seconds: 0)));
        Assert.False(line.Client.Input(ours().ToOctets(), InternetAddress.AnyIpv4, line.Now));
        Assert.Empty(line.Sent);
        Assert.True(line.Receives(ours()));
        DhcpSent sent = line.Sends(DhcpMessageType.Request);
        DhcpReply stranger = new DhcpReply(DhcpMessageType.Ack, sent.TransactionId).With(DhcpOption.ServerId, 10, 0, 0, 9)
            .With(DhcpOption.LeaseTime, DhcpReply.Big(60));
        Assert.False(line.Receives(stranger)); // we chose another
        DhcpReply another = DhcpReply.Usual(DhcpMessageType.Ack, sent.TransactionId);
        another.YourAddress = "10.0.0.51";
        Assert.False(line.Receives(another)); // and asked for another
        Assert.True(line.Receives(DhcpReply.Usual(DhcpMessageType.Ack, sent.TransactionId)));
        Assert.False(line.Receives(DhcpReply.Usual(DhcpMessageType.Ack, sent.TransactionId))); // twice
        Assert.Equal(1, line.Client.Version);
    }

    [Fact]
    [Trait("Rfc", "2131 4.4.5")]
    public void At_T1_the_server_is_asked_by_unicast_and_the_lease_goes_on()
    {
        DhcpTimeLine line = DhcpTimeLine.Bound();
        double t1 = line.Client.Lease!.Renews.Seconds;
        Assert.InRange(t1, 1_800 - 3_600.0 / 32, 1_800);
        line.RunTo(1_800);
        DhcpSent request = line.Sends(DhcpMessageType.Request);
        Assert.Equal((t1, "10.0.0.1", "10.0.0.50", false), (request.At, request.Destination, request.ClientAddress, request.Broadcast));
        Assert.Equal((null, null), (request.Requested, request.Server)); // table 4: MUST NOT
        Assert.Equal(DhcpState.Renewing, line.Client.State);
        Assert.True(line.Receives(DhcpReply.Usual(DhcpMessageType.Ack, request.TransactionId)));
        Assert.Equal((DhcpState.Bound, 2), (line.Client.State, line.Client.Version));
        Assert.Equal(t1 + 3_600, line.Client.Lease!.Expires.Seconds, 6);
    }

    [Fact]
    [Trait("Rfc", "2131 4.4.5")]
    public void Without_answer_it_renews_then_rebinds_then_loses_the_address_and_begins_anew()
    {
        DhcpTimeLine line = DhcpTimeLine.Bound();
        DhcpLease lease = line.Client.Lease!;
        line.RunTo(3_599.999);
        DhcpSent[] unicast = [.. line.Sent.Where(sent => sent.Destination == "10.0.0.1")];
        DhcpSent[] broadcast = [.. line.Sent.Where(sent => sent.Destination == "255.255.255.255")];
        Assert.All(line.Sent, sent => Assert.Equal((DhcpMessageType.Request, "10.0.0.50"), (sent.Type, sent.ClientAddress)));
        Assert.All(unicast, sent => Assert.InRange(sent.At, lease.Renews.Seconds, lease.Rebinds.Seconds - 1e-6));
        Assert.All(broadcast, sent => Assert.InRange(sent.At, lease.Rebinds.Seconds, 3_600));
        Assert.Equal(lease.Rebinds.Seconds, broadcast[0].At);
        double half = (lease.Rebinds - lease.Renews).Seconds / 2;
        Assert.Equal(half, unicast[1].At - unicast[0].At, 3);
        Assert.All(line.Sent.Zip(line.Sent.Skip(1)), pair =>
            Assert.True(pair.Second.At - pair.First.At > 59.9 || pair.Second == broadcast[0]));
        Assert.NotNull(line.Client.Lease);
        line.Sent.Clear();
        line.RunTo(3_600);
        Assert.Null(line.Client.Lease);
        Assert.Equal(3_600, line.Sends(DhcpMessageType.Discover).At);
        Assert.Equal((DhcpState.Selecting, 2), (line.Client.State, line.Client.Version));
    }

    [Fact]
    public void Any_server_may_answer_when_rebinding_but_only_ours_when_renewing()
    {
        DhcpTimeLine line = DhcpTimeLine.Bound();
        DhcpReply other() => new DhcpReply(DhcpMessageType.Ack, line.Sent[^1].TransactionId).With(DhcpOption.ServerId, 10, 0, 0, 7)
            .With(DhcpOption.LeaseTime, DhcpReply.Big(7_200));
        line.RunTo(1_800);
        Assert.False(line.Receives(other()));
        line.RunTo(3_200);
        Assert.Equal(DhcpState.Rebinding, line.Client.State);
        Assert.True(line.Receives(other()));
        Assert.Equal("10.0.0.7", line.Client.Lease!.ServerId.ToString());
    }

    [Fact]
    public void A_clock_that_stood_still_past_the_end_takes_the_lease_at_once()
    {
        DhcpTimeLine line = DhcpTimeLine.Bound();
        Timestamp late = Timestamp.Zero + Duration.FromSeconds(10_000);
        line.Client.OnTime(late);
        Assert.Null(line.Client.Lease);
        line.Sends(DhcpMessageType.Discover);
    }

    [Fact]
    public void A_refusal_ends_the_lease_at_once_and_begins_anew()
    {
        DhcpTimeLine line = DhcpTimeLine.Bound();
        line.RunTo(1_800);
        uint xid = line.Sends(DhcpMessageType.Request).TransactionId;
        DhcpReply nak = new DhcpReply(DhcpMessageType.Nak, xid).With(DhcpOption.ServerId, 10, 0, 0, 1)
            .With(DhcpOption.Message, "moved"u8.ToArray());
        Assert.False(line.Receives(new DhcpReply(DhcpMessageType.Nak, xid).With(DhcpOption.ServerId, 10, 0, 0, 9)));
        Assert.True(line.Receives(nak));
        Assert.Null(line.Client.Lease);
        Assert.Equal("moved", line.Client.LastRefusal);
        line.RunTo(1_801);
        line.Sends(DhcpMessageType.Discover);
    }

    [Fact]
    public void A_server_that_refuses_what_it_offers_is_asked_ever_more_seldom()
    {
        DhcpTimeLine line = new();
        List<double> at = [];
        for (int i = 0; i < 8; i++)
        {
            line.RunTo(Math.Max(line.Now.Seconds, line.Client.NextDeadline.Seconds));
            DhcpSent discover = line.Sends(DhcpMessageType.Discover);
            at.Add(discover.At);
            line.Receives(DhcpReply.Usual(DhcpMessageType.Offer, discover.TransactionId));
            uint xid = line.Sends(DhcpMessageType.Request).TransactionId;
            Assert.True(line.Receives(new DhcpReply(DhcpMessageType.Nak, xid).With(DhcpOption.ServerId, 10, 0, 0, 1)));
        }
        Assert.Equal(0, at[1] - at[0]);
        double[] expected = [4, 8, 16, 32, 64, 64];
        for (int i = 0; i < expected.Length; i++) Assert.InRange(at[i + 2] - at[i + 1], expected[i] - 1, expected[i] + 1);
    }

    [Fact]
    [Trait("Rfc", "2131 3.1")]
    public void A_conflict_is_told_and_ten_seconds_later_it_begins_anew()
    {
        DhcpTimeLine line = DhcpTimeLine.Bound();
        line.Client.Decline(line.Now);
        DhcpSent decline = line.Sends(DhcpMessageType.Decline);
        Assert.Equal(("255.255.255.255", "0.0.0.0", "10.0.0.50", "10.0.0.1"),
            (decline.Destination, decline.ClientAddress, decline.Requested, decline.Server));
        Assert.Null(decline.Option(DhcpOption.ParameterRequestList)); // table 5: MUST NOT
        Assert.Null(line.Client.Lease);
        line.RunTo(9.999);
        Assert.Empty(line.Sent);
        line.RunTo(10);
        line.Sends(DhcpMessageType.Discover);
    }

    [Fact]
    [Trait("Rfc", "2131 4.4.6")]
    public void A_release_is_told_to_the_server_and_nothing_follows_until_it_is_started()
    {
        DhcpTimeLine line = DhcpTimeLine.Bound();
        line.Client.Release(line.Now);
        DhcpSent release = line.Sends(DhcpMessageType.Release);
        Assert.Equal(("10.0.0.1", "10.0.0.50", null, "10.0.0.1"),
            (release.Destination, release.ClientAddress, release.Requested, release.Server));
        line.RunTo(100_000);
        Assert.Empty(line.Sent);
        Assert.Equal((DhcpState.Stopped, (DhcpLease?)null), (line.Client.State, line.Client.Lease));
        line.Client.Start(line.Now);
        line.RunTo(100_000);
        line.Sends(DhcpMessageType.Discover);
    }

    [Fact]
    [Trait("Rfc", "2131 3.2")]
    public void The_address_of_the_last_time_is_asked_for_first()
    {
        DhcpClientOptions options = new() { HardwareAddress = DhcpReply.Mac, PreviousAddress = InternetAddress.Parse("10.0.0.50") };
        DhcpTimeLine line = new(options);
        line.RunTo(0);
        DhcpSent request = line.Sends(DhcpMessageType.Request);
        Assert.Equal(("10.0.0.50", null, "0.0.0.0", true), (request.Requested, request.Server, request.ClientAddress, request.Broadcast));
        Assert.True(line.Receives(DhcpReply.Usual(DhcpMessageType.Ack, request.TransactionId)));
        Assert.Equal(DhcpState.Bound, line.Client.State);

        line = new(options);
        line.RunTo(0);
        uint xid = line.Sends(DhcpMessageType.Request).TransactionId;
        Assert.True(line.Receives(new DhcpReply(DhcpMessageType.Nak, xid).With(DhcpOption.ServerId, 10, 0, 0, 3)));
        line.RunTo(0.1);
        line.Sends(DhcpMessageType.Discover);

        line = new(options);
        line.RunTo(70);
        Assert.Equal(4, line.Sent.Count(sent => sent.Type == DhcpMessageType.Request));
        Assert.Equal(DhcpMessageType.Discover, line.Sent[4].Type);
    }

    [Fact]
    public void A_lease_for_ever_needs_no_renewal()
    {
        DhcpTimeLine line = DhcpTimeLine.Bound(uint.MaxValue);
        line.RunTo(1e9);
        Assert.Empty(line.Sent);
        Assert.False(line.Client.Lease!.Expires.IsSet);
    }

    [Theory]
    [InlineData(600, 1_200, 600, 1_200)]
    [InlineData(1_200, 600, 1_800, 3_150)] // mixed up
    [InlineData(600, 4_000, 1_800, 3_150)] // beyond the end
    [InlineData(0, 600, 1_800, 3_150)]
    public void The_servers_T1_and_T2_count_if_they_are_in_order(uint t1, uint t2, double renews, double rebinds)
    {
        DhcpTimeLine line = new();
        line.RunTo(0);
        line.Receives(DhcpReply.Usual(DhcpMessageType.Offer, line.Sends(DhcpMessageType.Discover).TransactionId));
        line.Receives(DhcpReply.Usual(DhcpMessageType.Ack, line.Sends(DhcpMessageType.Request).TransactionId)
            .With(DhcpOption.RenewalTime, DhcpReply.Big(t1)).With(DhcpOption.RebindingTime, DhcpReply.Big(t2)));
        DhcpLease lease = line.Client.Lease!;
        Assert.Equal((renews, rebinds), (lease.Renews.Seconds, lease.Rebinds.Seconds));
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        DhcpClientOptions good = new() { HardwareAddress = DhcpReply.Mac };
        DhcpClientOptions[] bad =
        [
            good with { HardwareAddress = default },
            good with { HardwareAddress = new byte[17] },
            good with { ClientId = new byte[1] },
            good with { HostName = "" },
            good with { PreviousAddress = InternetAddress.Parse("224.0.0.1") },
            good with { FirstTimeout = Duration.Zero },
            good with { MaxRequests = 0 },
            good with { DeclineDelay = Duration.Zero },
            good with { LeastRenewalInterval = Duration.Zero },
        ];
        Assert.All(bad, options => Assert.Throws<ArgumentException>(() => new DhcpTimeLine(options)));
    }
}
