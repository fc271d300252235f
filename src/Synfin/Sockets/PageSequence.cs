using System.Buffers;

namespace Synfin.Sockets;

/// <summary>Pages as one sequence. Its links are used again and again.</summary>
internal sealed class PageSequence
{
    private readonly List<Link> _links = [];

    /// <summary>The pages, which the list is emptied of.</summary>
    public ReadOnlySequence<byte> Take(List<ReadOnlyMemory<byte>> pages)
    {
        int count = pages.Count;
        if (count <= 1)
        {
            ReadOnlySequence<byte> single = count == 0 ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(pages[0]);
            pages.Clear();
            return single;
        }
        while (_links.Count < count) _links.Add(new Link());
        long index = 0;
        for (int i = 0; i < count; i++)
        {
            _links[i].Set(pages[i], index, i + 1 < count ? _links[i + 1] : null);
            index += pages[i].Length;
        }
        pages.Clear();
        return new ReadOnlySequence<byte>(_links[0], 0, _links[count - 1], _links[count - 1].Memory.Length);
    }

    private sealed class Link : ReadOnlySequenceSegment<byte>
    {
        public void Set(ReadOnlyMemory<byte> memory, long index, Link? next)
        {
            Memory = memory;
            RunningIndex = index;
            Next = next;
        }
    }
}
