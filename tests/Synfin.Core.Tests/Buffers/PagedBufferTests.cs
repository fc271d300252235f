using System.Runtime.CompilerServices;
using Synfin.Buffers;
using Xunit;

namespace Synfin.Core.Tests.Buffers;

public class PagedBufferTests
{
    private const int Page = PagePool.PageSize;

    private readonly PagePool _pool = new(64);
    private PagedBuffer _buffer;

    [Fact]
    public void It_is_40_octets() => Assert.Equal(40, Unsafe.SizeOf<PagedBuffer>());

    [Fact]
    public void Octets_come_out_in_the_order_they_went_in_and_an_empty_buffer_holds_nothing()
    {
        byte[] data = Numbered(3 * Page + 5);
        Assert.Equal(data.Length, _buffer.Append(_pool, data));
        Assert.Equal((data.Length, 4), (_buffer.Length, _buffer.PagesHeld));
        byte[] read = new byte[data.Length + 10];
        Assert.Equal(data.Length, _buffer.Read(_pool, read));
        Assert.Equal(data, read[..data.Length]);
        HoldsNothing();
    }

    [Fact]
    public void Nothing_appended_takes_nothing()
    {
        Assert.Equal(0, _buffer.Append(_pool, []));
        Assert.True(_buffer.TryWriteAt(_pool, 3 * Page, []));
        Assert.Equal(0, _buffer.Read(_pool, new byte[4]));
        _buffer.Discard(_pool, 0);
        HoldsNothing();
    }

    [Fact]
    public void A_page_goes_back_as_soon_as_it_is_wholly_passed()
    {
        _buffer.Append(_pool, Numbered(3 * Page));
        _buffer.Discard(_pool, Page - 1);
        Assert.Equal(3, _pool.InUse);
        _buffer.Discard(_pool, 1);
        Assert.Equal(2, _pool.InUse);
        _buffer.Discard(_pool, Page + 1);
        Assert.Equal(1, _pool.InUse);
        Assert.Equal(Numbered(3 * Page)[(2 * Page + 1)..], Content());
        _buffer.Clear(_pool);
        HoldsNothing();
    }

    [Fact]
    public void Content_survives_the_step_from_one_page_to_a_ring_and_every_larger_ring()
    {
        byte[] data = Numbered(40 * Page);
        _buffer.Append(_pool, data.AsSpan(0, 100));
        _buffer.Discard(_pool, 60);
        for (int at = 100; at < data.Length; at += 1000)
        {
            _buffer.Append(_pool, data.AsSpan(at, Math.Min(1000, data.Length - at)));
        }

        Assert.Equal(data[60..], Content());
    }

    [Fact]
    public void Append_takes_what_fits_when_pages_run_out()
    {
        var pool = new PagePool(2);
        Assert.Equal(2 * Page, _buffer.Append(pool, Numbered(3 * Page)));
        Assert.Equal(0, _buffer.Append(pool, [1]));
        PagedBuffer other = default;
        Assert.Equal(0, other.Append(pool, Numbered(3 * Page)));
        Assert.Equal(0, other.PagesHeld);
        _buffer.Discard(pool, Page);
        Assert.Equal(1, other.Append(pool, [1]));
        other.Clear(pool);
        _buffer.Clear(pool);
        Assert.Equal(0, pool.InUse);
    }

    [Fact]
    public void Text_ahead_waits_in_its_place_and_the_pages_between_are_not_rented()
    {
        byte[] data = Numbered(8 * Page);
        Assert.True(_buffer.TryWriteAt(_pool, 7 * Page, data.AsSpan(7 * Page)));
        Assert.Equal((0, 1), (_buffer.Length, _buffer.PagesHeld));
        Assert.True(_buffer.TryWriteAt(_pool, 0, data.AsSpan(0, 2 * Page)));
        _buffer.CommitTo(2 * Page);
        Assert.Equal(3, _buffer.PagesHeld);
        _buffer.Discard(_pool, 2 * Page);
        Assert.Equal((0, 1), (_buffer.Length, _buffer.PagesHeld));
        Assert.True(_buffer.TryWriteAt(_pool, 0, data.AsSpan(2 * Page, 5 * Page)));
        _buffer.CommitTo(6 * Page);
        Assert.Equal(data[(2 * Page)..], Content());
    }

    [Fact]
    public void Text_ahead_in_the_same_page_survives_reading_everything_before_it()
    {
        _buffer.Append(_pool, [1, 2, 3]);
        _buffer.TryWriteAt(_pool, 5, [6, 7]);
        Assert.Equal(3, _buffer.Read(_pool, new byte[3]));
        Assert.Equal(1, _buffer.PagesHeld);
        _buffer.TryWriteAt(_pool, 0, [4, 5]);
        _buffer.CommitTo(4);
        Assert.Equal([4, 5, 6, 7], Content());
    }

    [Fact]
    public void A_write_that_finds_too_few_pages_changes_nothing()
    {
        var pool = new PagePool(2);
        _buffer.Append(pool, [1, 2, 3]);
        Assert.False(_buffer.TryWriteAt(pool, 3, Numbered(3 * Page)));
        Assert.False(_buffer.TryWriteAt(pool, 5 * Page - 1, Numbered(2)));
        Assert.Equal((3, 1, 1), (_buffer.Length, _buffer.PagesHeld, pool.InUse));
        Assert.True(_buffer.TryWriteAt(pool, 3, Numbered(2 * Page - 3)));
        _buffer.CommitTo(2 * Page);
        Assert.Equal([1, 2, 3, .. Numbered(2 * Page - 3)], Content());
    }

    [Fact]
    public void What_is_written_into_reserved_pages_becomes_text_when_it_is_committed()
    {
        _buffer.Append(_pool, [1, 2, 3]);
        Memory<byte> rest = _buffer.Reserve(_pool, ahead: 0);
        Assert.Equal(Page - 3, rest.Length);
        Memory<byte> next = _buffer.Reserve(_pool, ahead: rest.Length);
        Assert.Equal(Page, next.Length);
        rest.Span.Fill(7);
        next.Span[0] = 8;
        Assert.Equal([1, 2, 3], Content());
        _buffer.CommitTo(Page + 1);
        _buffer.TrimBeyondLength(_pool);
        Assert.Equal([1, 2, 3, .. Enumerable.Repeat((byte)7, Page - 3), 8], Content());
        Assert.Equal(2, _pool.InUse);
    }

    [Fact]
    public void A_reserved_page_stays_while_all_text_before_it_is_dropped()
    {
        _buffer.Append(_pool, Numbered(10));
        Memory<byte> room = _buffer.Reserve(_pool, ahead: 0);
        _buffer.Discard(_pool, 10);
        room.Span[0] = 42;
        _buffer.CommitTo(1);
        Assert.Equal([42], Content());
    }

    [Fact]
    public void Nothing_is_reserved_when_pages_ran_out()
    {
        var pool = new PagePool(1);
        Assert.Equal(Page, _buffer.Reserve(pool, ahead: 0).Length);
        Assert.True(_buffer.Reserve(pool, ahead: Page).IsEmpty);
        Assert.Equal(Page, _buffer.Reserve(pool, ahead: 0).Length);
        _buffer.Clear(pool);
        Assert.Equal(0, pool.InUse);
    }

    [Fact]
    public void Lent_pages_show_the_text_where_it_lies()
    {
        byte[] data = Numbered(3 * Page);
        _buffer.Append(_pool, data);
        _buffer.Discard(_pool, 5);
        List<ReadOnlyMemory<byte>> pages = [];
        _buffer.Lend(2 * Page, pages);
        Assert.Equal([Page - 5, Page, 5], pages.Select(page => page.Length));
        Assert.Equal(data[5..(2 * Page + 5)], pages.SelectMany(page => page.ToArray()));
    }

    [Fact]
    public void Abandoned_pages_go_to_nobody_else()
    {
        _buffer.Append(_pool, [1, 2, 3]);
        List<ReadOnlyMemory<byte>> pages = [];
        _buffer.Lend(3, pages);
        _buffer.Abandon(_pool);
        Assert.Equal(0, _pool.InUse);
        _buffer.Append(_pool, [9, 9, 9]);
        Assert.Equal([1, 2, 3], pages[0].ToArray());
    }

    [Fact]
    public void Slices_of_slices_show_the_same_octets()
    {
        byte[] data = Numbered(5 * Page);
        _buffer.Append(_pool, data);
        _buffer.Discard(_pool, 1000);
        TextSlices text = _buffer.Slice(10, 3 * Page).Slice(5, 2 * Page + 1);
        byte[] copy = new byte[text.Length];
        text.CopyTo(copy);
        Assert.Equal(data[1015..(1015 + copy.Length)], copy);
        int parts = 0;
        foreach (ReadOnlySpan<byte> part in text) parts += part.IsEmpty ? 100 : 1;
        Assert.Equal(3, parts);
        _buffer.CopyTo(20, copy);
        Assert.Equal(data[1020..(1020 + copy.Length)], copy);
    }

    [Fact]
    public void A_stream_that_flows_allocates_nothing()
    {
        byte[] data = Numbered(30_000);
        byte[] read = new byte[25_000];
        for (int i = 0; i < 10; i++) Flow(data, read);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) Flow(data, read);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        HoldsNothing();
    }

    private void Flow(byte[] data, byte[] read)
    {
        _buffer.Append(_pool, data);
        _buffer.TryWriteAt(_pool, _buffer.Length + 50_000, data);
        _buffer.Read(_pool, read);
        _buffer.TryWriteAt(_pool, _buffer.Length, data);
        _buffer.CommitTo(_buffer.Length + data.Length);
        _buffer.Clear(_pool);
    }

    private byte[] Content()
    {
        byte[] content = new byte[_buffer.Length];
        _buffer.Slice(0, _buffer.Length).CopyTo(content);
        return content;
    }

    private void HoldsNothing() => Assert.Equal((0, 0, 0), (_buffer.Length, _buffer.PagesHeld, _pool.InUse));

    /// <summary>Octets that differ from those a whole number of pages away.</summary>
    private static byte[] Numbered(int count)
    {
        byte[] data = new byte[count];
        for (int i = 0; i < count; i++) data[i] = (byte)(i % 251);
        return data;
    }
}
