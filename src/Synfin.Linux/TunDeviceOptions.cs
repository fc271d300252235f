namespace Synfin.Linux;

/// <summary>What device to open, and how.</summary>
public sealed record TunDeviceOptions
{
    /// <summary>The interface's name, 1 to 15 characters; in "synfin%d" the kernel chooses the number.</summary>
    public required string Name { get; init; }

    /// <summary>Whether frames are those of Ethernet (TAP) rather than IP packets (TUN).</summary>
    public bool Ethernet { get; init; }

    /// <summary>
    /// How many queues, 1 to <see cref="TunDevice.MaxQueues"/>, each for one thread. A device with more than one is made by the kernel with
    /// the flag multi_queue, and one that exists must have been made so.
    /// </summary>
    public int Queues { get; init; } = 1;

    /// <summary>
    /// Whether checksums and the cutting of super-segments are left to the kernel, both ways: a virtio-net header goes before each packet.
    /// </summary>
    public bool Offloads { get; init; } = true;

    /// <summary>Whether the device outlives the program, with its addresses and routes. One that is persistent already stays so.</summary>
    public bool Persistent { get; init; }
}
