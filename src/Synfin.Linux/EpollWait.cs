using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Synfin.Linux.Interop;
using Synfin.Runtime;
using Synfin.Timers;

namespace Synfin.Linux;

/// <summary>
/// Where a shard sleeps: until one of its queues is ready, a deadline passes or another thread wakes it. An idle shard costs no processor
/// time; any number of wakes between two waits cost one system call.
/// </summary>
public sealed unsafe class EpollWait : IWaitForWork, IDisposable
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly SafeFileHandle _epoll;
    private readonly SafeFileHandle _event;
    private readonly int _epollDescriptor;
    private readonly int _eventDescriptor;
    private readonly int[] _queues;
    private readonly Readiness[] _ready;

    // Pinned: the kernel writes there.
    private readonly byte[] _items;
    private readonly byte* _firstItem;
    private readonly Lock _closing = new();
    private int _readyCount;
    private bool _forRoom;
    private bool _hasPreciseWait;
    private int _woken;

    /// <summary>Waits for queues.</summary>
    /// <param name="queues">At least one, of any devices.</param>
    /// <exception cref="TunException">The system has no descriptor left.</exception>
    public EpollWait(IReadOnlyList<TunQueue> queues)
        : this(queues, preciseWait: true)
    {
    }

    internal EpollWait(IReadOnlyList<TunQueue> queues, bool preciseWait)
    {
        ArgumentNullException.ThrowIfNull(queues);
        ArgumentOutOfRangeException.ThrowIfZero(queues.Count);
        _hasPreciseWait = preciseWait;
        _queues = new int[queues.Count];
        _ready = new Readiness[queues.Count];
        _items = GC.AllocateArray<byte>((queues.Count + 1) * EpollItem.Size, pinned: true);
        _firstItem = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_items));
        _epollDescriptor = Libc.EpollCreate(Libc.CloseOnExec);
        if (_epollDescriptor < 0) throw TunErrors.System("making an epoll", Libc.LastError);
        _epoll = Libc.Own(_epollDescriptor);
        _eventDescriptor = Libc.EventDescriptor(0, Libc.NonBlocking | Libc.CloseOnExec);
        if (_eventDescriptor < 0)
        {
            int error = Libc.LastError;
            _epoll.Dispose();
            throw TunErrors.System("making an eventfd", error);
        }
        _event = Libc.Own(_eventDescriptor);
        Register(queues);
    }

    /// <summary>What the last wait found out about a queue.</summary>
    /// <param name="queue">Its place in the list.</param>
    public Readiness ReadinessOf(int queue) => _ready[queue];

    /// <summary>Sleeps. Only the owner's thread may call it.</summary>
    /// <param name="now">The time.</param>
    /// <param name="deadline">When to return at the latest; <see cref="Timestamp.Never"/> for no limit.</param>
    /// <param name="forRoom">Whether room to write is awaited too.</param>
    /// <returns>What is ready, of all queues together; <see cref="Readiness.None"/> after the deadline or a signal.</returns>
    /// <exception cref="ObjectDisposedException">It is disposed of.</exception>
    public Readiness Wait(Timestamp now, Timestamp deadline, bool forRoom)
    {
        ObjectDisposedException.ThrowIf(_epoll.IsClosed, this);
        if (forRoom != _forRoom) Await(forRoom);
        if (_readyCount != 0) Array.Clear(_ready);
        _readyCount = 0;
        int count = deadline.IsSet ? WaitUntil(Math.Max(0, (deadline - now).Nanoseconds)) : WaitFor(-1);
        if (count < 0)
        {
            int error = Libc.LastError;
            return error == Errno.Interrupted ? Readiness.None : throw TunErrors.System("epoll_wait", error);
        }
        Readiness result = Readiness.None;
        for (int i = 0; i < count; i++) result |= Take(EpollItem.Read(_firstItem + i * EpollItem.Size));
        return result;
    }

    /// <inheritdoc/>
    void IWaitForWork.Wait(Timestamp until, bool linkFull) => Wait(MonotonicClock.Now(), until, linkFull);

    /// <summary>Ends the current wait, or the next one if nobody waits. Any thread may call it at any time, after Dispose too.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _woken, 1) != 0) return;
        lock (_closing)
        {
            if (_event.IsClosed) return;
            ulong one = 1;
            nint written = Libc.Write(_eventDescriptor, &one, sizeof(ulong));
            Debug.Assert(written == sizeof(ulong), "the counter is far from full");
        }
    }

    /// <summary>Frees the descriptors. Nobody may wait.</summary>
    public void Dispose()
    {
        lock (_closing)
        {
            _event.Dispose();
            _epoll.Dispose();
        }
    }

    private void Register(IReadOnlyList<TunQueue> queues)
    {
        try
        {
            Control(Libc.EpollAdd, _eventDescriptor, new EpollItem(Libc.EpollIn, queues.Count));
            for (int i = 0; i < queues.Count; i++)
            {
                _queues[i] = queues[i].Descriptor;
                Control(Libc.EpollAdd, _queues[i], new EpollItem(Libc.EpollIn, i));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private Readiness Take(EpollItem item)
    {
        if (item.Index == _queues.Length)
        {
            TakeWake();
            return Readiness.Woken;
        }
        Readiness ready = Readiness.None;
        // Whatever is neither room nor data (EPOLLERR: the device is gone) is for the next read to report.
        if ((item.Events & ~Libc.EpollOut) != 0) ready |= Readiness.Readable;
        if ((item.Events & Libc.EpollOut) != 0) ready |= Readiness.Writable;
        _ready[item.Index] = ready;
        _readyCount++;
        return ready;
    }

    private void Await(bool room)
    {
        uint events = room ? Libc.EpollIn | Libc.EpollOut : Libc.EpollIn;
        for (int i = 0; i < _queues.Length; i++) Control(Libc.EpollModify, _queues[i], new EpollItem(events, i));
        _forRoom = room;
    }

    private int WaitUntil(long nanoseconds)
    {
        if (nanoseconds == 0) return WaitFor(0);
        (long seconds, long rest) = Math.DivRem(nanoseconds, NanosecondsPerSecond);
        TimeSpecification timeout = new() { Seconds = (nint)seconds, Nanoseconds = (nint)rest };
        if (_hasPreciseWait)
        {
            try
            {
                int count = Libc.EpollWait(_epollDescriptor, _firstItem, _queues.Length + 1, &timeout, null);
                if (count >= 0 || Libc.LastError != Errno.NotImplemented) return count;
            }
            catch (EntryPointNotFoundException)
            {
                // Other C libraries than glibc, and old ones.
            }
            _hasPreciseWait = false;
        }
        PollEntry entry = new() { Descriptor = _epollDescriptor, Wanted = Libc.PollIn };
        int ready = Libc.Poll(&entry, 1, &timeout, null);
        return ready <= 0 ? ready : WaitFor(0);
    }

    private int WaitFor(int milliseconds) => Libc.EpollWait(_epollDescriptor, _firstItem, _queues.Length + 1, milliseconds);

    private void Control(int operation, int descriptor, EpollItem item)
    {
        byte* octets = stackalloc byte[EpollItem.Size];
        item.Write(octets);
        if (Libc.EpollControl(_epollDescriptor, operation, descriptor, octets) < 0) throw TunErrors.System("epoll_ctl", Libc.LastError);
    }

    /// <summary>First the counter, then the flag: a wake that comes between finds its work picked up after this wait.</summary>
    private void TakeWake()
    {
        ulong count;
        Libc.Read(_eventDescriptor, &count, sizeof(ulong));
        Interlocked.Exchange(ref _woken, 0);
    }
}
