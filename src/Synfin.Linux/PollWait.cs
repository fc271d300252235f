using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using Synfin.Linux.Interop;
using Synfin.Runtime;
using Synfin.Timers;

namespace Synfin.Linux;

/// <summary>
/// Where a shard sleeps: until its device is ready, a deadline passes or another thread wakes it. An idle shard costs no processor time;
/// any number of wakes between two waits cost one system call.
/// </summary>
public sealed unsafe class PollWait : IWaitForWork, IDisposable
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly int _device;
    private readonly SafeFileHandle _event;
    private readonly int _eventDescriptor;
    private readonly Lock _closing = new();
    private int _woken;

    /// <summary>Waits for <paramref name="device"/>.</summary>
    /// <exception cref="TunException">The system has no descriptor left.</exception>
    public PollWait(TunDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        _device = device.Descriptor;
        _eventDescriptor = Libc.EventDescriptor(0, Libc.NonBlocking | Libc.CloseOnExec);
        if (_eventDescriptor < 0) throw TunErrors.System("making an eventfd", Libc.LastError);
        _event = Libc.Own(_eventDescriptor);
    }

    /// <summary>Sleeps. Only the owner's thread may call it.</summary>
    /// <param name="now">The time.</param>
    /// <param name="deadline">When to return at the latest; <see cref="Timestamp.Never"/> for no limit.</param>
    /// <param name="forRoom">Whether room to write is awaited too.</param>
    /// <returns>What is ready; <see cref="Readiness.None"/> after the deadline or a signal.</returns>
    public Readiness Wait(Timestamp now, Timestamp deadline, bool forRoom)
    {
        PollEntry* entries = stackalloc PollEntry[2];
        entries[0] = new() { Descriptor = _device, Wanted = (short)(forRoom ? Libc.PollIn | Libc.PollOut : Libc.PollIn) };
        entries[1] = new() { Descriptor = _eventDescriptor, Wanted = Libc.PollIn };

        long left = Math.Max(0, (deadline - now).Nanoseconds);
        (long seconds, long nanoseconds) = Math.DivRem(left, NanosecondsPerSecond);
        TimeSpecification timeout = new() { Seconds = (nint)seconds, Nanoseconds = (nint)nanoseconds };
        int ready = Libc.Poll(entries, 2, deadline.IsSet ? &timeout : null, null);
        if (ready < 0)
        {
            int error = Libc.LastError;
            return error == Errno.Interrupted ? Readiness.None : throw TunErrors.System("poll", error);
        }

        Readiness result = Readiness.None;
        // Whatever is neither room nor data (POLLERR: the device is gone) is for the next read to report.
        if ((entries[0].Ready & ~Libc.PollOut) != 0) result |= Readiness.Readable;
        if ((entries[0].Ready & Libc.PollOut) != 0) result |= Readiness.Writable;
        if (entries[1].Ready != 0)
        {
            TakeWake();
            result |= Readiness.Woken;
        }
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

    /// <summary>Frees the event. Nobody may wait.</summary>
    public void Dispose()
    {
        lock (_closing) _event.Dispose();
    }

    /// <summary>First the counter, then the flag: a wake that comes between finds its work picked up after this wait.</summary>
    private void TakeWake()
    {
        ulong count;
        Libc.Read(_eventDescriptor, &count, sizeof(ulong));
        Interlocked.Exchange(ref _woken, 0);
    }
}
