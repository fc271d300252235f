using Synfin.Stack;
using Synfin.Testing;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>MSS announced, received, assumed and used (RFC 9293 3.7.1, RFC 6691).</summary>
public sealed class SegmentSizeTests
{
    [Theory]
    [InlineData(1500, 1460)]
    [InlineData(9000, 8960)]
    [InlineData(576, 536)]
    [InlineData(65_535, 65_495)]
    [Trait("Rfc9293", "MUST-14")]
    [Trait("Rfc9293", "MUST-67")]
    [Trait("Rfc9293", "SHLD-5")]
    [Trait("Rfc9293", "SHLD-6")]
    [Trait("Rfc9293", "MAY-3")]
    [Trait("Clause", "RFC6691-1")]
    public void Every_SYN_announces_the_MTU_less_the_fixed_headers(int mtu, int mss)
    {
        Given.SynSent(new StackOptions { Mtu = mtu }).Sends($"S seq 0 <mss {mss}>");
        Given.Listening(new StackOptions { Mtu = mtu }).Receives("S seq 0").Sends($"S. seq 0 ack 1 <mss {mss}>");
    }

    [Theory]
    [InlineData("mss 1000", 1000)]
    [InlineData("mss 1460", 1460)]
    [InlineData("mss 8960", 1460)] // never more than our own path takes
    [InlineData("sackOK", 536)] // none announced
    [InlineData("mss 1000,TS val 1 ecr 0", 988)] // options come off the text
    [InlineData("TS val 1 ecr 0", 524)]
    [Trait("Rfc9293", "MUST-14")]
    [Trait("Rfc9293", "MUST-15")]
    [Trait("Rfc9293", "MUST-16")]
    [Trait("Rfc", "6691")]
    [Trait("Clause", "RFC6691-2")]
    public void Text_is_cut_by_the_peers_MSS_or_the_default_less_options(string options, int size)
    {
        Given.Established(peerOptions: options).Writes(3 * size)
            .Sends($". seq 1 len {size}").Sends($". seq {size + 1} len {size}").Sends($"P. seq {2 * size + 1} len {size}").SendsNothing();
        Given.SynSent().Sends("S seq 0").Receives($"S. seq 0 ack 1 <{options}>").Ignoring().Writes(2 * size)
            .Sends($". seq 1 len {size}").Sends($"P. seq {size + 1} len {size}").SendsNothing();
    }

    [Fact]
    [Trait("Rfc9293", "MUST-16")]
    [Trait("Rfc", "6691")]
    [Trait("Clause", "RFC6691-2")]
    public void SACK_blocks_come_off_the_text_too() => Given.Established(peerOptions: "mss 1000,sackOK")
        .Receives(". seq 101 ack 1 len 10").Sends(". ack 1 <sack 101:111>")
        .Writes(2000).Sends(". seq 1 len 988 <sack 101:111>");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(47)]
    [InlineData(48)]
    [Trait("Rfc9293", "MUST-16")]
    [Trait("Threat", "3")]
    [Trait("Cve", "2019-11479")]
    public void A_tiny_MSS_is_raised_to_the_floor_and_progress_is_made(int mss)
    {
        Given given = Given.Established(peerOptions: $"mss {mss}");
        Assert.Equal(48, given.Connection.Status().SendMss);
        given.Writes(96).Sends(". seq 1 len 48").Sends("P. seq 49 len 48").Receives(". seq 1 ack 97").SendsNothing();

        given = Given.Established(peerOptions: $"mss {mss},TS val 1 ecr 0").Writes(72)
            .Sends(". seq 1 len 36").Sends("P. seq 37 len 36");
        given = Given.SynSent().Sends("S seq 0").Receives($"S. seq 0 ack 1 <mss {mss},TS val 1 ecr 0>").Ignoring();
        Assert.Equal(36, given.Connection.Status().SendMss);
    }

    [Theory]
    [InlineData("", 1220)]
    [InlineData(" <mss 1440>", 1440)]
    [InlineData(" <mss 9000>", 1440)]
    [InlineData(" <mss 1440,TS val 1 ecr 0>", 1428)]
    [Trait("Rfc9293", "MUST-15")]
    [Trait("Rfc9293", "SHLD-5")]
    public void Over_IPv6_the_default_is_1220_and_we_announce_1440(string options, int size)
    {
        Given.SynSent(ipv6: true).Sends("S seq 0 <mss 1440>").Receives($"S. seq 0 ack 1{options}").Ignoring()
            .Writes(2 * size).Sends($". seq 1 len {size}").Sends($"P. seq {size + 1} len {size}").SendsNothing();
        Given.Listening(ipv6: true).Receives($"S seq 0{options}").Sends("S. seq 0 ack 1 <mss 1440>");
    }
}
