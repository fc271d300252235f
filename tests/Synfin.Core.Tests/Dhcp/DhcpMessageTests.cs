using Synfin.Core.Tests.Buffers;
using Synfin.Dhcp;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Dhcp;

/// <summary>DHCP on the wire (RFC 2131 2, RFC 2132, RFC 3396, RFC 3397, RFC 3442).</summary>
[Trait("Rfc", "2132")]
public sealed class DhcpMessageTests
{
    private static DhcpError Parse(DhcpReply reply) => DhcpMessage.TryParse(reply.ToOctets(), out _);

    private static DhcpReply Ack() => DhcpReply.Usual(DhcpMessageType.Ack, 1);

    private static DhcpLease? Lease(DhcpReply reply)
    {
        Assert.Equal(DhcpError.None, DhcpMessage.TryParse(reply.ToOctets(), out DhcpMessage message));
        return DhcpLeaseReader.Read(in message, Timestamp.Zero, new SecretRandom(new StackSecret(1, 2)));
    }

    [Fact]
    public void The_fixed_fields_are_read()
    {
        byte[] octets = DhcpReply.Usual(DhcpMessageType.Offer, 0x12345678).ToOctets();
        Assert.Equal(DhcpError.None, DhcpMessage.TryParse(octets, out DhcpMessage m));
        Assert.Equal((DhcpMessageType.Offer, 0x12345678u, true), (m.Type, m.TransactionId, m.IsReply));
        Assert.Equal("10.0.0.50", m.YourAddress.ToString());
        Assert.Equal(DhcpReply.Mac, m.HardwareAddress.ToArray());
    }

    [Fact]
    public void What_is_no_message_gets_its_error()
    {
        byte[] good = Ack().ToOctets();
        Assert.Equal(DhcpError.Truncated, DhcpMessage.TryParse(good.AsSpan(0, 239), out _));
        Assert.Equal(DhcpError.BadOperation, Changed(0, 3));
        Assert.Equal(DhcpError.BadHardwareLength, Changed(2, 17));
        for (int i = 236; i < 240; i++) Assert.Equal(DhcpError.BadCookie, Changed(i, 0));
        Assert.Equal(DhcpError.NoMessageType, Changed(242, 9));
        Assert.Equal(DhcpError.NoMessageType, Changed(242, 0));
        Assert.Equal(DhcpError.NoMessageType, Changed(240, (byte)DhcpOption.End));
        Assert.Equal(DhcpError.BadOption, Changed(241, 2)); // a type of two octets
        Assert.Equal(DhcpError.BadOption, Parse(Ack().Raw(12, 200)));
        Assert.Equal(DhcpError.BadOption, DhcpMessage.TryParse(Ack().Raw(12).ToOctets(end: false), out _));
        Assert.Equal(DhcpError.None, DhcpMessage.TryParse(Ack().ToOctets(end: false), out _)); // some leave the end out

        DhcpError Changed(int at, byte value)
        {
            byte[] octets = [.. good];
            octets[at] = value;
            return DhcpMessage.TryParse(octets, out _);
        }
    }

    [Fact]
    [Trait("Rfc", "2131 4.1")]
    public void Overloaded_fields_hold_options_and_parts_are_joined_in_their_order()
    {
        DhcpReply reply = Ack().With(DhcpOption.Overload, 3).With(DhcpOption.DomainName, "ex"u8.ToArray());
        reply.File = [(byte)DhcpOption.DomainName, 3, .. "amp"u8, 255];
        reply.ServerName = [0, 0, (byte)DhcpOption.DomainName, 2, .. "le"u8, (byte)DhcpOption.Mtu, 2, 5, 220, 255];
        DhcpLease lease = Lease(reply)!;
        Assert.Equal(("example", 1_500), (lease.DomainName, lease.Mtu));
        DhcpReply without = Ack().With(DhcpOption.DomainName, "ex"u8.ToArray());
        without.File = reply.File;
        Assert.Equal("ex", Lease(without)!.DomainName);
        reply.File = [(byte)DhcpOption.DomainName, 200, 1];
        Assert.Equal(DhcpError.BadOption, Parse(reply));
        Assert.Equal(DhcpError.BadOption, Parse(Ack().With(DhcpOption.Overload, 4)));
        Assert.Equal(DhcpError.BadOption, Parse(Ack().With(DhcpOption.Overload, 0)));
        Assert.Equal(DhcpError.BadOption, Parse(Ack().With(DhcpOption.Overload, 1, 1)));
    }

    [Fact]
    [Trait("Rfc", "3442")]
    public void Classless_routes_win_over_the_router()
    {
        DhcpReply reply = Ack().With(DhcpOption.ClasslessRoutes,
            0, 10, 0, 0, 9,
            8, 10, 10, 0, 0, 1,
            25, 192, 168, 1, 129, 0, 0, 0, 0);
        Assert.Equal(["0.0.0.0/0 10.0.0.9", "10.0.0.0/8 10.0.0.1", "192.168.1.128/25 "],
            Lease(reply)!.Routes.Select(route => $"{route.Destination} {route.Gateway}"));
        byte[][] bad = [[33, 1, 2, 3, 4, 5, 6, 7, 8, 9], [24, 10, 0, 0, 10, 0, 0], [0, 224, 0, 0, 1], [8]];
        foreach (byte[] value in bad)
            Assert.Equal("10.0.0.1", Assert.Single(Lease(Ack().With(DhcpOption.ClasslessRoutes, value))!.Routes).Gateway.ToString());
    }

    [Fact]
    [Trait("Rfc", "3397 2")]
    public void Domains_to_search_may_be_compressed()
    {
        byte[] value = [3, .. "eng"u8, 5, .. "Apple"u8, 3, .. "com"u8, 0, 9, .. "marketing"u8, 0xC0, 4];
        Assert.Equal(["eng.apple.com.", "marketing.apple.com."], Lease(Ack().With(DhcpOption.DomainSearch, value))!.SearchDomains);
        Assert.Empty(Lease(Ack().With(DhcpOption.DomainSearch, 0xC0, 0))!.SearchDomains);
        Assert.Empty(Lease(Ack().With(DhcpOption.DomainSearch, 3, 65))!.SearchDomains);
    }

    [Theory]
    [InlineData("10.0.0.50", new byte[] { 255, 255, 255, 192 }, 26)]
    [InlineData("10.0.0.50", new byte[] { 255, 255, 255, 255 }, 32)]
    [InlineData("10.0.0.50", new byte[] { 255, 0, 255, 0 }, 8)] // no mask
    [InlineData("10.0.0.50", new byte[] { 0, 0, 0, 0 }, 8)]
    [InlineData("172.16.0.5", new byte[] { 255 }, 16)]
    [InlineData("192.168.0.5", new byte[] { 255, 255, 0 }, 24)]
    public void A_mask_is_ones_and_then_zeros_or_the_class_decides(string address, byte[] mask, int length)
    {
        DhcpReply reply = new DhcpReply(DhcpMessageType.Ack, 1).With(DhcpOption.ServerId, 10, 0, 0, 1)
            .With(DhcpOption.LeaseTime, 0, 0, 0, 60).With(DhcpOption.SubnetMask, mask);
        reply.YourAddress = address;
        Assert.Equal($"{address}/{length}", Lease(reply)!.Address.ToString());
    }

    [Fact]
    public void Names_and_MTUs_that_cannot_be_count_as_absent_and_lists_have_limits()
    {
        DhcpLease lease = Lease(Ack()
            .With(DhcpOption.DomainName, "a b"u8.ToArray())
            .With(DhcpOption.HostName, "box\0\0"u8.ToArray())
            .With(DhcpOption.Mtu, 0, 67))!;
        Assert.Equal((null, "box", (int?)null), (lease.DomainName, lease.HostName, lease.Mtu));
        byte[] many = [.. Enumerable.Range(1, 60).SelectMany(i => new byte[] { 10, 0, 1, (byte)i })];
        DhcpReply reply = new DhcpReply(DhcpMessageType.Ack, 1).With(DhcpOption.ServerId, 10, 0, 0, 1)
            .With(DhcpOption.LeaseTime, 0, 0, 0, 60).With(DhcpOption.DnsServers, many);
        Assert.Equal(DhcpLeaseReader.MaxServers, Lease(reply)!.DnsServers.Count);
    }

    [Fact]
    [Trait("Rfc", "3396 7")]
    public void An_option_that_is_too_long_in_all_its_parts_counts_as_absent()
    {
        DhcpReply reply = Ack();
        for (int i = 0; i < 5; i++) reply.With(DhcpOption.DomainSearch, [3, (byte)'a', (byte)'b', (byte)'c', 0, .. new byte[250]]);
        Assert.Empty(Lease(reply)!.SearchDomains);
    }

    [Fact]
    public void Whatever_arrives_it_is_read_or_refused_and_the_client_goes_on()
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            var random = new SeededGenerator(seed);
            DhcpTimeLine line = new(seed: seed);
            for (int step = 0; step < 1_000; step++)
            {
                if (random.OneIn(20)) line.RunTo(line.Now.Seconds + random.Below(1_000));
                else if (random.OneIn(100)) line.Client.Decline(line.Now);
                line.Collect();
                uint xid = line.Sent.Count == 0 ? 0 : line.Sent[^1].TransactionId;
                line.Receives(Mutated(random, xid));
                bool hasLease = line.Client.State is DhcpState.Bound or DhcpState.Renewing or DhcpState.Rebinding;
                Assert.Equal(hasLease, line.Client.Lease is not null);
            }
            Assert.True(line.Client.Version > 0, $"seed {seed}: never bound, so little was tried");
        }
    }

    private static byte[] Mutated(SeededGenerator random, uint xid)
    {
        DhcpReply reply = DhcpReply.Usual((DhcpMessageType)random.Below(9), xid, (uint)random.OfAnySize(32));
        if (random.OneIn(3)) reply.With((DhcpOption)random.Below(256), random.Octets(random.Below(256)));
        if (random.OneIn(3)) reply.With(DhcpOption.Overload, (byte)random.Below(5));
        if (random.OneIn(3)) reply.File = random.Octets(128);
        if (random.OneIn(3)) reply.ServerName = random.Octets(64);
        byte[] octets = reply.ToOctets(end: !random.OneIn(4));
        for (int i = random.OneIn(2) ? random.Below(6) : 0; i > 0; i--) octets[random.Below(octets.Length)] = (byte)random.Next();
        return random.OneIn(5) ? octets[..random.Below(octets.Length + 1)] : octets;
    }
}
