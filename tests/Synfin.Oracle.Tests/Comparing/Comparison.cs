using Synfin.Oracle.Tests.Ends;
using Synfin.Oracle.Tests.Scripts;

namespace Synfin.Oracle.Tests.Comparing;

/// <summary>Compares what two hosts made of a script.</summary>
internal static class Comparison
{
    private const int Segment = 1460;

    /// <summary>
    /// Whether two outcomes are the same: all fields of all replies in their order, the call and the state. Of windows, whether they are
    /// closed, and those of SYNs but for less than a segment: how far a window opens is each host's own business (Linux rounds it to full
    /// segments and opens it step by step).
    /// </summary>
    public static bool Same(Outcome a, Outcome b)
    {
        if (a.State != b.State || a.Call != b.Call || a.Replies.Count != b.Replies.Count) return false;
        for (int i = 0; i < a.Replies.Count; i++)
        {
            if (!Same(a.Replies[i], b.Replies[i])) return false;
        }
        return true;
    }

    /// <summary>The first step after <paramref name="after"/> at which they differ, or -1.</summary>
    public static int FirstDifference(IReadOnlyList<Outcome> kernel, IReadOnlyList<Outcome> synfin, int after = -1)
    {
        for (int i = after + 1; i < kernel.Count; i++)
        {
            if (!Same(kernel[i], synfin[i])) return i;
        }
        return -1;
    }

    private static bool Same(Reply a, Reply b) =>
        a.Words == b.Words && (a.IsSyn ? Math.Abs(a.Window - b.Window) < Segment : a.Window == 0 == (b.Window == 0));
}
