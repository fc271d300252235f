using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Synfin.Buffers;
using Synfin.Linux.Interop;
using Synfin.Runtime;
using Synfin.Stack;

namespace Synfin.Linux;

/// <summary>
/// One queue of a TUN or TAP device: what the kernel sends to the device's addresses is read here, and what is written here arrives at
/// the kernel. For one thread at a time.
/// </summary>
/// <remarks>
/// The kernel sends a flow's packets to the queue that last wrote for it, but notes that only after it took the packet and, often, sent its
/// answer: the answer to a flow's first packet may come on any queue, and so may packets of a flow that was silent for seconds.
/// </remarks>
public sealed unsafe class TunQueue : ILink, IPacketSource, IDisposable
{
    /// <summary>How many packets a call may drop before it says that there is none: more come at the next turn.</summary>
    private const int MaxDropsPerRead = 64;

    // The virtio-net header, the packet's own headers, and 65,535 octets of text that begin anywhere in a page.
    private const int MaxParts = 2 + TunDevice.MaxMtu / PagePool.PageSize + 2;

    // The IP header begins a cache line: that is kind to those who copy and sum.
    private const int Alignment = 64;

    private readonly TunDevice _device;
    private readonly SafeFileHandle _handle;
    private readonly int _virtioSize;
    private readonly int _ipOffset;

    // Pinned, so that the garbage collector never has to walk around it during a read.
    private readonly byte[] _buffer;
    private readonly byte* _start;
    private readonly int _capacity;
    private readonly int _packetAt;

    internal TunQueue(TunDevice device, SafeFileHandle handle, int virtioSize, bool segmentsUdp)
    {
        _device = device;
        _handle = handle;
        _virtioSize = virtioSize;
        _ipOffset = device.IsEthernet ? PacketLayout.EthernetLength : 0;
        SegmentsUdp = segmentsUdp;
        Descriptor = (int)handle.DangerousGetHandle();

        _buffer = GC.AllocateUninitializedArray<byte>(virtioSize + TunDevice.MaxFrame + 2 * Alignment, pinned: true);
        byte* first = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_buffer));
        nint before = virtioSize + _ipOffset;
        nint ip = ((nint)first + before + Alignment - 1) & -Alignment;
        _start = (byte*)(ip - before);
        _packetAt = (int)(_start - first) + virtioSize;
        _capacity = virtioSize + TunDevice.MaxFrame;
    }

    /// <inheritdoc/>
    public int Mtu => _device.Mtu;

    /// <inheritdoc/>
    public LinkOffloads Offloads => _virtioSize == 0 ? LinkOffloads.None : LinkOffloads.TransmitChecksum | LinkOffloads.Segmentation;

    /// <inheritdoc/>
    public int MaxSuperSegment => _virtioSize == 0 ? 0 : TunDevice.MaxSuperSegment;

    /// <summary>Whether UDP super-segments may be sent (and come): many datagrams of one size behind one header. Since Linux 6.2.</summary>
    public bool SegmentsUdp { get; }

    /// <summary>Packets that the kernel did not take: for want of memory, or as the interface is down, or as nonsense.</summary>
    public long PacketsLost { get; private set; }

    /// <summary>Packets from the kernel that were dropped, because the virtio-net header contradicts the packet.</summary>
    public long PacketsMalformed { get; private set; }

    /// <summary>The descriptor to poll.</summary>
    internal int Descriptor { get; }

    /// <inheritdoc/>
    /// <exception cref="TunException">The device is gone.</exception>
    /// <exception cref="ObjectDisposedException">The queue is closed.</exception>
    public bool TryRead(out ReadOnlySpan<byte> packet, out ReceiveMetadata metadata)
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        for (int drops = 0; drops < MaxDropsPerRead; drops++)
        {
            int length = Read() - _virtioSize;
            if (length == -_virtioSize) break;
            if (length > 0)
            {
                Span<byte> octets = _buffer.AsSpan(_packetAt, length);
                packet = octets;
                metadata = default;
                if (_virtioSize == 0) return true;
                ReadOnlySpan<byte> header = _buffer.AsSpan(_packetAt - _virtioSize, _virtioSize);
                if (VirtioNetHeader.TryInterpret(header, octets, _ipOffset, out metadata)) return true;
            }
            PacketsMalformed++;
        }
        packet = default;
        metadata = default;
        return false;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// What is still to be done to the packet is left to the kernel: the checksum, and the cutting of a super-segment of TCP or, with
    /// <see cref="SegmentsUdp"/>, UDP. On a TAP device the header begins with Ethernet's.
    /// </remarks>
    /// <exception cref="TunException">The device is gone.</exception>
    /// <exception cref="ObjectDisposedException">The queue is closed.</exception>
    public bool Transmit(in OutboundPacket packet)
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        Debug.Assert(packet.Length <= TunDevice.MaxMtu + _ipOffset, "an IP packet has at most 65,535 octets");
        Debug.Assert(_virtioSize != 0 || (!packet.ChecksumPartial && packet.WireSegments <= 1), "without offloads packets come finished");
        byte* virtio = stackalloc byte[VirtioNetHeader.MaxSize];
        IoVector* parts = stackalloc IoVector[MaxParts];
        fixed (byte* header = packet.Header)
        {
            int count = 0;
            if (_virtioSize != 0)
            {
                var description = new Span<byte>(virtio, _virtioSize);
                description.Clear();
                VirtioNetHeader.Write(description, in packet, _ipOffset);
                parts[count++] = new() { Start = virtio, Length = _virtioSize };
            }
            parts[count++] = new() { Start = header, Length = packet.Header.Length };
            foreach (ReadOnlySpan<byte> text in packet.Text)
            {
                if (count == MaxParts) throw new UnreachableException("more text than a packet holds");
                // Pages are allocated pinned: they stay where they are without a fixed statement.
                parts[count++] = new() { Start = Unsafe.AsPointer(ref MemoryMarshal.GetReference(text)), Length = text.Length };
            }
            return Write(parts, count);
        }
    }

    /// <summary>Closes the queue. Nobody may use it or wait for it. A device without queues vanishes, unless it is persistent.</summary>
    public void Dispose() => _handle.Dispose();

    /// <summary>The octets of the next packet with its virtio-net header, or 0 if none waits.</summary>
    private int Read()
    {
        while (true)
        {
            nint length = Libc.Read(Descriptor, _start, _capacity);
            if (length >= 0) return (int)length;
            int error = Libc.LastError;
            if (error == Errno.Again) return 0;
            if (error != Errno.Interrupted) throw TunErrors.Reading(_device.Name, error);
        }
    }

    private bool Write(IoVector* parts, int count)
    {
        while (Libc.WriteVector(Descriptor, parts, count) < 0)
        {
            int error = Libc.LastError;
            switch (error)
            {
                case Errno.Interrupted:
                    continue;
                case Errno.Again:
                    return false;
                case Errno.Io or Errno.NoBuffers or Errno.NoMemory or Errno.Invalid:
                    // An interface that is down is a cable that is unplugged: the packet is lost, the connection lives on.
                    PacketsLost++;
                    return true;
                default:
                    throw TunErrors.Writing(_device.Name, error);
            }
        }
        return true;
    }
}
