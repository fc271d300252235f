using Synfin.Tcp;
using Xunit;

namespace Synfin.Core.Tests.Tcp;

public sealed class CloseReasonTests
{
    [Fact]
    public void Every_reason_has_words_of_its_own()
    {
        CloseReason[] reasons = Enum.GetValues<CloseReason>();
        Assert.Equal(reasons.Length, reasons.Select(reason => reason.Describe()).Distinct().Count());
        Assert.Throws<System.Diagnostics.UnreachableException>(() => ((CloseReason)200).Describe());
    }

    [Fact]
    public void An_orderly_end_is_one_with_both_FINs() => Assert.Equal(
        [CloseReason.LocalClose, CloseReason.RemoteClose, CloseReason.SimultaneousClose],
        Enum.GetValues<CloseReason>().Where(reason => reason.IsOrderly()));
}
