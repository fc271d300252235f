using Synfin.Buffers;
using Xunit;

namespace Synfin.Core.Tests.Buffers;

/// <summary>Random operations on three buffers of one pool, each against a plain list of octets.</summary>
public class PagedBufferModelTests
{
    private const int Page = PagePool.PageSize;

    [Theory]
    [InlineData(1, 1000, false)]
    [InlineData(2, 1000, true)]
    [InlineData(3, 12, false)]
    [InlineData(4, 12, true)]
    [InlineData(5, 3, false)]
    public void It_does_what_a_list_of_octets_does(int seed, int maxPages, bool inPlace)
    {
        var random = new SeededGenerator((ulong)seed);
        var pool = new PagePool(maxPages);
        var buffers = new PagedBuffer[3];
        Model[] models = [new(), new(), new()];
        for (int step = 0; step < 4_000; step++)
        {
            int which = random.Below(buffers.Length);
            Step(random, pool, ref buffers[which], models[which], inPlace);
            models[which].Check(ref buffers[which]);
            Assert.Equal(buffers[0].PagesHeld + buffers[1].PagesHeld + buffers[2].PagesHeld, pool.InUse);
        }

        for (int i = 0; i < buffers.Length; i++) buffers[i].Clear(pool);
        Assert.Equal(0, pool.InUse);
    }

    private static void Step(SeededGenerator random, PagePool pool, ref PagedBuffer buffer, Model model, bool inPlace)
    {
        switch (random.Below(inPlace ? 12 : 11))
        {
            case 0 or 1 or 2:
                Append(random, pool, ref buffer, model);
                break;
            case 3 or 4 or 5:
                WriteAhead(random, pool, ref buffer, model);
                break;
            case 6:
                int commit = buffer.Length + random.Below(model.Contiguous - buffer.Length + 1);
                buffer.CommitTo(commit);
                model.Length = commit;
                break;
            case 7 or 8:
                byte[] read = new byte[random.OfAnySize(15)];
                int count = buffer.Read(pool, read);
                Assert.Equal(Math.Min(read.Length, model.Length), count);
                Assert.Equal(model.Take(count), read[..count]);
                break;
            case 9 or 10:
                int drop = random.OneIn(4) ? buffer.Length : random.Below(buffer.Length + 1);
                buffer.Discard(pool, drop);
                model.Take(drop);
                break;
            case 11:
                WriteInPlace(random, pool, ref buffer, model);
                break;
        }

        if (random.OneIn(200))
        {
            buffer.Clear(pool);
            model.Clear();
        }
    }

    private static void Append(SeededGenerator random, PagePool pool, ref PagedBuffer buffer, Model model)
    {
        byte[] data = random.Octets((int)random.OfAnySize(15));
        int taken = buffer.Append(pool, data);
        if (taken < data.Length) Assert.Equal(0, pool.Available);
        model.Write(model.Length, data.AsSpan(0, taken));
        model.Length += taken;
    }

    /// <summary>Reserves, writes a part of it and commits that; what was written ahead is given up.</summary>
    private static void WriteInPlace(SeededGenerator random, PagePool pool, ref PagedBuffer buffer, Model model)
    {
        Memory<byte> room = buffer.Reserve(pool, ahead: 0);
        if (room.IsEmpty)
        {
            Assert.Equal(0, pool.Available);
            return;
        }
        byte[] data = random.Octets(random.Below(room.Length + 1));
        data.CopyTo(room);
        buffer.CommitTo(buffer.Length + data.Length);
        buffer.TrimBeyondLength(pool);
        model.Write(model.Length, data);
        model.Length += data.Length;
        model.Truncate();
    }

    private static void WriteAhead(SeededGenerator random, PagePool pool, ref PagedBuffer buffer, Model model)
    {
        byte[] data = random.Octets((int)random.OfAnySize(14));
        int offset = buffer.Length + (random.OneIn(3) ? 0 : (int)random.OfAnySize(16));
        int missing = model.MissingPages(offset, data.Length);
        int available = pool.Available;
        bool written = buffer.TryWriteAt(pool, offset, data);
        Assert.Equal(available >= missing, written);
        if (written) model.Write(offset, data);
        if (written && offset == buffer.Length)
        {
            buffer.CommitTo(offset + data.Length);
            model.Length += data.Length;
        }
    }

    private sealed class Model
    {
        /// <summary>The octet at each offset, -1 where none was written.</summary>
        private readonly List<short> _octets = [];

        /// <summary>Where offset 0 is in its page.</summary>
        private int _start;

        public int Length { get; set; }

        public int Contiguous
        {
            get
            {
                int gap = _octets.IndexOf(-1, Length);
                return gap < 0 ? _octets.Count : gap;
            }
        }

        public void Write(int offset, ReadOnlySpan<byte> data)
        {
            if (data.IsEmpty) return;
            while (_octets.Count < offset + data.Length) _octets.Add(-1);
            for (int i = 0; i < data.Length; i++) _octets[offset + i] = data[i];
        }

        public byte[] Take(int count)
        {
            byte[] taken = new byte[count];
            for (int i = 0; i < count; i++) taken[i] = (byte)_octets[i];
            _octets.RemoveRange(0, count);
            Length -= count;
            _start = (_start + count) % Page;
            if (_octets.Count == 0) _start = 0;
            return taken;
        }

        public void Truncate()
        {
            _octets.RemoveRange(Length, _octets.Count - Length);
            if (_octets.Count == 0) _start = 0;
        }

        public void Clear()
        {
            _octets.Clear();
            Length = 0;
            if (_octets.Count == 0) _start = 0;
        }

        /// <summary>How many pages a write would need that do not exist.</summary>
        public int MissingPages(int offset, int length)
        {
            if (length == 0) return 0;
            HashSet<int> pages = Pages();
            int missing = 0;
            for (int page = (_start + offset) / Page; page <= (_start + offset + length - 1) / Page; page++)
            {
                if (!pages.Contains(page)) missing++;
            }

            return missing;
        }

        public void Check(ref PagedBuffer buffer)
        {
            Assert.Equal(Length, buffer.Length);
            byte[] content = new byte[Length];
            buffer.Slice(0, Length).CopyTo(content);
            for (int i = 0; i < Length; i++)
            {
                if (content[i] != _octets[i]) Assert.Fail($"octet {i} of {Length} is {content[i]}, not {_octets[i]}");
            }

            Assert.Equal(Pages().Count, buffer.PagesHeld);
            if (_octets.Count == 0) Assert.Equal(0, buffer.PagesHeld);
        }

        /// <summary>The pages that hold octets, counted from the one that offset 0 is in.</summary>
        private HashSet<int> Pages()
        {
            // A page that was read in part stays, even if nothing is in the rest of it yet.
            HashSet<int> pages = _start > 0 ? [0] : [];
            int last = -1;
            for (int i = 0; i < _octets.Count; i++)
            {
                int page = (_start + i) / Page;
                if (page == last || _octets[i] < 0) continue;
                pages.Add(page);
                last = page;
            }

            return pages;
        }
    }
}
