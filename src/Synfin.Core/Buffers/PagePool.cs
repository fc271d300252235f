namespace Synfin.Buffers;

/// <summary>Pages for the streams of one stack.</summary>
public sealed partial class PagePool
{
    /// <summary>log2 of <see cref="PageSize"/>.</summary>
    public const int PageShift = 12;

    /// <summary>The size of a page in octets.</summary>
    public const int PageSize = 1 << PageShift;
}
