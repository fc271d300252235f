using Synfin.Linux.Tests.EngineTests;
using Synfin.Linux.Tests.Support;
using Synfin.Tcp;
using Xunit;

namespace Synfin.Linux.Tests.InteropTests;

/// <summary>
/// The closings of `synfin demo`, with the kernel and Synfin as either end of each; `ss` and STATUS tell the states, and nftables loses
/// what is to be lost.
/// </summary>
[Trait("Needs", "tun")]
[Trait("Rfc", "9293 3.6")]
public sealed class CloseTests
{
    public static TheoryData<Opener, Closer> Roles => [.. from opener in Enum.GetValues<Opener>()
                                                          from closer in Enum.GetValues<Closer>()
                                                          select (opener, closer)];

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task Four_segments_close(Opener opener, Closer closer)
    {
        using ClosePair pair = await ClosePair.OpenAsync(opener, closer, ipv6: true);
        await pair.ExpectAsync(TcpState.Established, TcpState.Established);
        await pair.FirstClosesAsync();
        await pair.OtherReadsAsync("");
        await pair.ExpectAsync(TcpState.FinWait2, TcpState.CloseWait);
        await pair.OtherClosesAsync();
        await pair.ExpectAsync(TcpState.TimeWait, TcpState.Closed);
        pair.EndsSoundly();
        Assert.Equal(2, pair.Count("tcp.flags.fin == 1") ?? 2);
        Assert.Equal(0, pair.Count("tcp.flags.reset == 1") ?? 0);
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task A_peer_that_has_nothing_left_to_do_closes_at_once(Opener opener, Closer closer)
    {
        using ClosePair pair = await ClosePair.OpenAsync(opener, closer);
        Task other = pair.OtherReadsAsync("");
        await pair.FirstClosesAsync();
        await other;
        await pair.OtherClosesAsync();
        await pair.ExpectAsync(TcpState.TimeWait, TcpState.Closed);
        pair.EndsSoundly();
        Assert.InRange(pair.Count("tcp") ?? 6, 6, 7); // three to open, three or four to close
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task One_half_is_closed_and_the_other_goes_on(Opener opener, Closer closer)
    {
        using ClosePair pair = await ClosePair.OpenAsync(opener, closer);
        await pair.FirstWritesAsync("question");
        await pair.FirstEndsWritingAsync();
        await pair.OtherReadsAsync("question");
        await pair.OtherReadsAsync("");
        await pair.ExpectAsync(TcpState.FinWait2, TcpState.CloseWait);
        await pair.OtherWritesAsync("answer");
        await pair.FirstReadsAsync("answer");
        await pair.OtherClosesAsync();
        await pair.FirstReadsAsync("");
        await pair.ExpectAsync(TcpState.TimeWait, TcpState.Closed);
        pair.EndsSoundly();
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task A_fin_that_meets_a_lost_one_leads_to_CLOSING(Opener opener, Closer closer)
    {
        using ClosePair pair = await ClosePair.OpenAsync(opener, closer);
        pair.Firewall.Drop(pair.FirstSendsToKernel, Firewall.Fin);
        await pair.FirstEndsWritingAsync();
        await pair.ExpectAsync(TcpState.FinWait1, TcpState.Established);
        await pair.OtherEndsWritingAsync();
        await pair.ExpectAsync(TcpState.Closing, TcpState.FinWait2);
        pair.Firewall.Lift();
        await pair.ExpectAsync(TcpState.TimeWait, TcpState.TimeWait);
        pair.EndsSoundly();
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task Two_fins_that_are_both_under_way_end_in_TIME_WAIT_on_both_sides(Opener opener, Closer closer)
    {
        using ClosePair pair = await ClosePair.OpenAsync(opener, closer);
        pair.Firewall.Drop(toKernel: true, Firewall.Fin);
        pair.Firewall.Drop(toKernel: false, Firewall.Fin);
        await pair.FirstEndsWritingAsync();
        await pair.OtherEndsWritingAsync();
        await pair.ExpectAsync(TcpState.FinWait1, TcpState.FinWait1);
        pair.Firewall.Lift();
        await pair.ExpectAsync(TcpState.TimeWait, TcpState.TimeWait);
        pair.EndsSoundly();
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task A_lost_fin_is_sent_again(Opener opener, Closer closer)
    {
        using ClosePair pair = await ClosePair.OpenAsync(opener, closer);
        pair.Firewall.DropNext(pair.FirstSendsToKernel, Firewall.Fin);
        await pair.FirstEndsWritingAsync();
        await pair.OtherReadsAsync("");
        await pair.ExpectAsync(TcpState.FinWait2, TcpState.CloseWait);
        await pair.OtherClosesAsync();
        await pair.ExpectAsync(TcpState.TimeWait, TcpState.Closed);
        Assert.Equal(1, pair.Firewall.Dropped());
        pair.EndsSoundly();
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task A_fin_whose_acknowledgment_is_lost_is_sent_again(Opener opener, Closer closer)
    {
        using ClosePair pair = await ClosePair.OpenAsync(opener, closer);
        pair.Firewall.DropNext(!pair.FirstSendsToKernel, Firewall.PureAck);
        await pair.FirstEndsWritingAsync();
        await pair.OtherReadsAsync("");
        await pair.ExpectAsync(TcpState.FinWait2, TcpState.CloseWait);
        Assert.Equal(1, pair.Firewall.Dropped());
        await pair.OtherClosesAsync();
        await pair.ExpectAsync(TcpState.TimeWait, TcpState.Closed);
        pair.EndsSoundly();
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task The_last_acknowledgment_is_lost_and_TIME_WAIT_sends_it_again(Opener opener, Closer closer)
    {
        using ClosePair pair = await ClosePair.OpenAsync(opener, closer);
        await pair.FirstEndsWritingAsync();
        await pair.OtherReadsAsync("");
        await pair.ExpectAsync(TcpState.FinWait2, TcpState.CloseWait);
        pair.Firewall.Drop(pair.FirstSendsToKernel, Firewall.PureAck);
        await pair.OtherClosesAsync();
        await pair.ExpectAsync(TcpState.TimeWait, TcpState.LastAck);
        pair.Firewall.Lift();
        await pair.ExpectAsync(TcpState.TimeWait, TcpState.Closed);
        pair.EndsSoundly();
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task An_abort_resets(Opener opener, Closer closer)
    {
        using ClosePair pair = await ClosePair.OpenAsync(opener, closer);
        await pair.FirstAbortsAsync();
        await pair.OtherReadIsResetAsync();
        await pair.ExpectAsync(TcpState.Closed, TcpState.Closed);
        pair.EndsSoundly();
        Assert.Equal(1, pair.Count("tcp.flags.reset == 1") ?? 1);
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task A_close_with_unread_data_resets(Opener opener, Closer closer)
    {
        using ClosePair pair = await ClosePair.OpenAsync(opener, closer);
        await pair.OtherWritesAsync("read one octet of this");
        await pair.FirstReadsAsync("r");
        await pair.FirstClosesAsync();
        await pair.OtherReadIsResetAsync();
        await pair.ExpectAsync(TcpState.Closed, TcpState.Closed);
        pair.EndsSoundly();
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task A_half_open_connection_is_found_out_by_who_writes_to_it(Opener opener, Closer closer)
    {
        using ClosePair pair = await ClosePair.OpenAsync(opener, closer);
        // To the other it looks as if the first had crashed and come back: its reset is lost.
        pair.Firewall.Drop(pair.FirstSendsToKernel, Firewall.Reset);
        await pair.FirstAbortsAsync();
        await pair.ExpectAsync(TcpState.Closed, TcpState.Established);
        pair.Firewall.Lift();
        await pair.OtherWritesAsync("are you there?");
        await pair.OtherReadIsResetAsync();
        await pair.ExpectAsync(TcpState.Closed, TcpState.Closed);
        pair.EndsSoundly();
    }
}
