using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>The checksum, and the window's 16 bits. Every <c>Sends</c> verifies the checksum of what was sent.</summary>
public sealed class ChecksumTests
{
    private static readonly TcpConnectionOptions NoDelay = new() { NoDelay = true };

    [Fact]
    [Trait("Rfc9293", "MUST-2")]
    public void Segments_of_every_length_odd_or_even_at_odd_or_even_offsets_bear_the_right_checksum()
    {
        Given given = Given.Established(connection: NoDelay);
        int seq = 1;
        for (int length = 1; length <= 64; length++)
        {
            given.Writes(length).Sends($"P. seq {seq} len {length}").Receives($". seq 1 ack {seq + length}");
            seq += length;
        }
    }

    [Fact]
    [Trait("Rfc9293", "MUST-2")]
    public void What_is_cut_anew_after_a_loss_bears_the_right_checksum() => Given.Established(connection: NoDelay)
        .Writes(3).Sends("P. seq 1 len 3").Writes(5).Sends("P. seq 4 len 5").Writes(1).Sends("P. seq 9 len 1")
        .Receives(". seq 1 ack 3")
        .After(500).Sends("P. seq 3 len 7");

    [Fact]
    [Trait("Rfc9293", "MUST-3")]
    public void A_segment_with_any_one_bit_flipped_is_dropped_silently_and_counted()
    {
        Given given = Given.Established();
        byte[] good = SegmentScript.Build("P. seq 1 ack 1 len 5", given);
        for (int bit = IpHeader.Ipv4Length * 8; bit < good.Length * 8; bit++)
        {
            byte[] bad = (byte[])good.Clone();
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            long before = given.Dropped(DropReason.Checksum);
            given.ReceivesPacket(bad).SendsNothing();
            Assert.Equal(before + 1, given.Dropped(DropReason.Checksum));
        }
        Assert.Equal(0, given.Connection.Readable);
        given.After(1_000).SendsNothing().Then(TcpState.Established);
        given.ReceivesPacket(good).Reads(5);
    }

    [Fact]
    [Trait("Rfc9293", "MUST-3")]
    public void What_the_link_has_verified_is_not_verified_again()
    {
        Given given = Given.Established();
        byte[] packet = SegmentScript.Build("P. seq 1 ack 1 len 5", given);
        packet[IpHeader.Ipv4Length + TcpHeader.ChecksumOffset] ^= 0xFF;
        given.Stack.Input(packet, new ReceiveMetadata(ChecksumVerified: true), given.Now);
        given.Turn().Reads(5);
    }

    [Fact]
    [Trait("Rfc9293", "MUST-2")]
    public void A_link_that_completes_checksums_gets_the_pseudo_headers_sum()
    {
        Given given = Given.Established(connection: NoDelay);
        given.Offloads = LinkOffloads.TransmitChecksum;
        given.Writes(7).Sends("P. seq 1 len 7").Writes(8).Sends("P. seq 8 len 8");
    }

    [Fact]
    [Trait("Rfc9293", "MUST-1")]
    [Trait("Rfc9293", "REC-1")]
    public void A_window_of_65535_lets_65535_octets_out()
    {
        // 65,535 = 51 * 1,285. Taken as a signed number it would let out nothing.
        var options = new StackOptions { Profile = TcpProfile.Default with { InitialWindowSegments = 100 } };
        Given.Established(options, peerOptions: "mss 1285").Writes(100_000).SendsFull(1, 51, 1285).SendsNothing();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(9)]
    [InlineData(1_400)]
    [Trait("Threat", "58")]
    public void An_empty_PSH_a_segment_longer_than_the_MSS_and_a_jumbo_do_no_harm(int length)
    {
        Given given = Given.Established().Receives($"P. seq 1 ack 1 len {length}").Ignoring();
        given.Receives($"P. seq {1 + length} ack 1 len 9000").Sends($". ack {9001 + length}").Reads(9000 + length);
    }
}
